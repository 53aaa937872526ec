# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-kernels LABEL unit
  SOURCES toolkit/kernels_test.cpp
  LIBRARIES v2v::toolkit-linux)
