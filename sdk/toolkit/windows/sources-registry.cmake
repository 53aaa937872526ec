# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Reading and editing a guest's registry.
target_sources(v2v-toolkit-windows PRIVATE
  src/boot_driver.cpp src/boot_store.cpp src/clock.cpp src/computer_name.cpp src/crash_control.cpp src/device_path.cpp
  src/foreign_drivers.cpp src/emulated_disks.cpp src/foreign_tools.cpp src/hive_compare.cpp src/identity.cpp src/osinfo_id.cpp
  src/network_adapters.cpp src/network_match.cpp src/policy.cpp)
