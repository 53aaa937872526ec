# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_fuzz(ovf SOURCES ovf.cpp LIBRARIES v2v-input-ova-parts
  SEEDS ${CMAKE_SOURCE_DIR}/tests/unit/data/ova)
v2v_add_fuzz(manifest SOURCES manifest.cpp LIBRARIES v2v-input-ova-parts)
v2v_add_fuzz(tar SOURCES tar.cpp LIBRARIES v2v-input-ova-parts)
