# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-ova LABEL unit
  SOURCES plugins/ova/tar_walk_test.cpp plugins/ova/manifest_test.cpp plugins/ova/ovf_test.cpp
          plugins/ova/ova_input_test.cpp plugins/ova/hostile_ova_test.cpp
  LIBRARIES v2v-input-ova-parts v2v-hostlib v2v-core)
target_compile_definitions(test-ova PRIVATE
  V2V_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/ova")
