# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
set(ovirt_server "${CMAKE_SOURCE_DIR}/tests/servers/ovirt/server")

v2v_add_gtest(test-rhv-upload LABEL unit
  SOURCES ovirt/engine_test.cpp ovirt/fake_ovirt.cpp ovirt/transfer_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-rhv-upload-engine v2v::toolkit-machine v2v::toolkit-nbd v2v::toolkit-text)
target_compile_definitions(test-rhv-upload PRIVATE V2V_TEST_OVIRT="${ovirt_server}")

v2v_add_gtest(test-rhv-upload-plugin LABEL unit
  SOURCES ovirt/fake_ovirt.cpp ovirt/rhv_upload_plugin_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-rhv-upload-engine v2v::toolkit-machine v2v::toolkit-nbd v2v::toolkit-text
    ${CMAKE_DL_LIBS})
add_dependencies(test-rhv-upload-plugin v2v-output-rhv-upload)
target_compile_definitions(test-rhv-upload-plugin PRIVATE V2V_TEST_OVIRT="${ovirt_server}"
  V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")
