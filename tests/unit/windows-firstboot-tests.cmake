# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-windows-first-boot LABEL unit
  SOURCES toolkit/windows/first_boot_test.cpp
  LIBRARIES v2v::toolkit-windows)
