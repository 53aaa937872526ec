# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-sdk LABEL unit LIBRARIES v2v::sdk SOURCES exchange_test.cpp)
v2v_add_gtest(test-engine LABEL unit LIBRARIES v2v-core SOURCES
  core/appliance_kernel_test.cpp core/buses_test.cpp core/cpus_test.cpp core/describe_test.cpp
  core/finding_collector_test.cpp core/unchanged_test.cpp
  core/disk_keys_test.cpp core/kvm_probe_test.cpp core/overlay_watch_test.cpp
  core/disk_layout_test.cpp core/filesystems_test.cpp core/fstab_test.cpp core/linux_identity_test.cpp core/packages_test.cpp
  core/report_test.cpp core/root_choice_test.cpp core/windows_search_test.cpp)
