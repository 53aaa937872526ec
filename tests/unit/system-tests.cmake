# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-system LABEL unit
  SOURCES toolkit/text_change_test.cpp toolkit/text_edit_test.cpp toolkit/bootloader_test.cpp toolkit/bls_test.cpp toolkit/devices_test.cpp
          toolkit/small_conversions_test.cpp toolkit/foreign_tools_test.cpp
          toolkit/uefi_loader_test.cpp toolkit/first_boot_test.cpp toolkit/network_plan_test.cpp
          toolkit/network_test.cpp toolkit/families_test.cpp toolkit/customisation_test.cpp
  LIBRARIES v2v::toolkit-linux v2v::toolkit-text crypt)
target_include_directories(test-system PRIVATE ${PROJECT_SOURCE_DIR}/sdk/toolkit/linux/src)

v2v_add_gtest(test-customise LABEL unit SOURCES toolkit/customise_test.cpp
  LIBRARIES v2v::toolkit-customise)

v2v_add_gtest(test-debian LABEL unit
  SOURCES toolkit/early_devices_test.cpp plugins/debian/conversion_test.cpp
  LIBRARIES v2v::toolkit-linux fmt::fmt PkgConfig::archive PkgConfig::lz4)

v2v_add_gtest(test-rpm LABEL unit
  SOURCES plugins/rpm/conversion_test.cpp
  LIBRARIES v2v::toolkit-linux fmt::fmt PkgConfig::archive PkgConfig::lz4)
