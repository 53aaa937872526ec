# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-domain-xml LABEL unit
  SOURCES plugins/domain_xml_test.cpp plugins/drives_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-libvirtxml)
target_compile_definitions(test-domain-xml PRIVATE
  V2V_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/data")

