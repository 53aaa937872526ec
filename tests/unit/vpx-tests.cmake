# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-vpx LABEL unit
  SOURCES plugins/vpx/vpx_uri_test.cpp plugins/vpx/auth_file_test.cpp plugins/vpx/soap_test.cpp
    plugins/vpx/guest_test.cpp plugins/vpx/disk_server_test.cpp
  LIBRARIES v2v-input-vpx-texts v2v-core)
target_compile_definitions(test-vpx PRIVATE
  V2V_VPX_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/vpx/data")

# Waits for what misbehaves: half a minute.
v2v_add_gtest(test-vpx-faults LABEL e2e SOURCES plugins/vpx/faults_test.cpp
  LIBRARIES v2v-input-vpx-texts v2v-core)
target_compile_definitions(test-vpx-faults PRIVATE
  V2V_PROXY="${CMAKE_SOURCE_DIR}/tests/servers/proxy/proxy")
set_tests_properties(test-vpx-faults PROPERTIES TIMEOUT 400)
