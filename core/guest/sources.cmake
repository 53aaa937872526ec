# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  guest/appliance.cpp
  guest/appliance_kernel.cpp
  guest/collect.cpp
  guest/container_key.cpp
  guest/cpus.cpp
  guest/devices.cpp
  guest/disk_keys.cpp
  guest/disk_layout.cpp
  guest/filesystems.cpp
  guest/fstab.cpp
  guest/inspection.cpp
  guest/kvm_probe.cpp
  guest/launch_watchdog.cpp
  guest/linux_identity.cpp
  guest/overlay_watch.cpp
  guest/packages.cpp
  guest/report.cpp
  guest/root_choice.cpp
  guest/root_search.cpp
  guest/tar_writer.cpp
  guest/windows_search.cpp)
target_link_libraries(v2v-core PRIVATE v2v::toolkit-guestfs)
