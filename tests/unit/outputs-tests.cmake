# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-domain-xml LABEL unit
  SOURCES plugins/domain_xml_test.cpp plugins/drives_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-libvirt v2v::toolkit-local_disks v2v::toolkit-text)
target_compile_definitions(test-domain-xml PRIVATE
  V2V_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/data")

v2v_add_gtest(test-local-disks LABEL unit
  SOURCES plugins/local_disks_test.cpp plugins/local_targets_test.cpp plugins/staging_test.cpp
    plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-libvirt v2v::toolkit-local_disks v2v::toolkit-text)

v2v_add_gtest(test-qemu-script LABEL unit
  SOURCES plugins/qemu_script_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-qemu-script)

# Starts QEMU on disks that hold nothing but a boot sector: seconds, no guest needed.
v2v_add_gtest(test-qemu-script-boots LABEL e2e
  SOURCES plugins/qemu_boot_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-qemu-script)
set_tests_properties(test-qemu-script-boots PROPERTIES TIMEOUT 400)

v2v_add_gtest(test-output-plugins LABEL unit
  SOURCES plugins/output_plugins_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-libvirt v2v::toolkit-local_disks v2v::toolkit-text ${CMAKE_DL_LIBS})
add_dependencies(test-output-plugins
  v2v-output-kubevirt v2v-output-local v2v-output-null v2v-output-qemu)
target_compile_definitions(test-output-plugins PRIVATE
  V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")

v2v_add_gtest(test-kubevirt-manifest LABEL unit
  SOURCES plugins/kubevirt_manifest_test.cpp plugins/kubevirt_schema.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-kubevirt-manifest PkgConfig::yaml)
target_compile_definitions(test-kubevirt-manifest PRIVATE
  V2V_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/data")

v2v_add_gtest(test-ovf LABEL unit
  SOURCES plugins/ovf_test.cpp plugins/ovf_systems_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-ovf v2v::toolkit-text pugixml::pugixml)
target_compile_definitions(test-ovf PRIVATE
  V2V_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/data")

v2v_add_gtest(test-rhv-plugin LABEL unit
  SOURCES plugins/rhv_plugin_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-machine v2v::toolkit-text pugixml::pugixml ${CMAKE_DL_LIBS})
add_dependencies(test-rhv-plugin v2v-output-rhv)
target_compile_definitions(test-rhv-plugin PRIVATE
  V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")

v2v_add_gtest(test-vdsm-plugin LABEL unit
  SOURCES plugins/vdsm_plugin_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-machine v2v::toolkit-text ${CMAKE_DL_LIBS})
add_dependencies(test-vdsm-plugin v2v-output-vdsm)
target_compile_definitions(test-vdsm-plugin PRIVATE
  V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")
