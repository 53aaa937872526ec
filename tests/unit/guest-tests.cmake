# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-guest LABEL unit
  SOURCES toolkit/guest_path_test.cpp toolkit/guest_directory_test.cpp
          toolkit/guest_preload_test.cpp toolkit/guest_answers_test.cpp
  LIBRARIES v2v::toolkit-linux PkgConfig::archive)
target_include_directories(test-guest PRIVATE ${PROJECT_SOURCE_DIR}/sdk/toolkit/linux/src)

# Starts the appliance.
v2v_add_gtest(test-guest-appliance LABEL e2e
  SOURCES toolkit/guest_appliance_test.cpp toolkit/customise_appliance_test.cpp
  LIBRARIES v2v::toolkit-linux)
set_tests_properties(test-guest-appliance PROPERTIES TIMEOUT 180)
