# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-vmx LABEL unit
  SOURCES plugins/vmx/vmx_file_test.cpp plugins/vmx/golden_test.cpp plugins/vmx/ssh_uri_test.cpp
  LIBRARIES v2v-input-vmx-files v2v-hostlib)
target_compile_definitions(test-vmx PRIVATE
  V2V_VMX_DATA="${CMAKE_CURRENT_SOURCE_DIR}/plugins/vmx/data")
v2v_add_gtest(test-vmx-disks LABEL unit
  SOURCES plugins/vmx/vmdk_chain_test.cpp plugins/vmx/hostile_vmdk_test.cpp
  LIBRARIES v2v::toolkit-images v2v::toolkit-nbd v2v::toolkit-text v2v-core)
v2v_add_gtest(test-vmx-input LABEL unit
  SOURCES plugins/vmx/vmx_input_test.cpp plugins/vmx/ssh_test.cpp
  LIBRARIES v2v-input-vmx-access v2v-core)
