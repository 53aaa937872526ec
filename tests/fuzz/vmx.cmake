# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_fuzz(vmx SOURCES vmx.cpp LIBRARIES v2v-input-vmx-files
  SEEDS ${CMAKE_SOURCE_DIR}/tests/unit/plugins/vmx/data)
v2v_add_fuzz(vmdk-chain SOURCES vmdk_chain.cpp LIBRARIES v2v::toolkit-images)
