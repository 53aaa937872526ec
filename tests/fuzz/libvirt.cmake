# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_fuzz(libvirt SOURCES libvirt.cpp LIBRARIES v2v-input-libvirtxml-parts v2v::toolkit-text
  SEEDS ${CMAKE_SOURCE_DIR}/tests/unit/plugins/libvirt/data)
