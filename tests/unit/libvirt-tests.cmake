# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-libvirt-xml LABEL unit
  SOURCES plugins/libvirt/golden_test.cpp
  LIBRARIES v2v-input-libvirtxml-parts v2v-hostlib fmt::fmt)
target_compile_definitions(test-libvirt-xml PRIVATE
  V2V_LIBVIRT_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/libvirt/data")
v2v_add_gtest(test-libvirt-input LABEL unit
  SOURCES plugins/libvirt/input_test.cpp plugins/libvirt/checksum_test.cpp
  LIBRARIES v2v-input-libvirt-parts v2v-core fmt::fmt)
v2v_add_gtest(test-libvirt-output LABEL unit
  SOURCES plugins/libvirt/output_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-libvirt-parts v2v::toolkit-text fmt::fmt)
