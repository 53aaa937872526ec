# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The Windows toolkit. Each part lists its own tests.
v2v_add_gtest(test-windows-hive LABEL unit
  SOURCES toolkit/windows/hive_test.cpp
  LIBRARIES v2v::toolkit-windows)
foreach(part registry drivers firstboot converter)
  include(windows-${part}-tests.cmake)
endforeach()
