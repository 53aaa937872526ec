# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  guest/appliance.cpp
  guest/cpus.cpp
  guest/disk_keys.cpp
  guest/filesystems.cpp
  guest/disk_layout.cpp
  guest/inspection.cpp
  guest/kvm_probe.cpp
  guest/launch_watchdog.cpp
  guest/overlay_watch.cpp
  guest/root_choice.cpp)
