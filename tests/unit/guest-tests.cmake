# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-guest LABEL unit
  SOURCES toolkit/guest_path_test.cpp toolkit/guest_directory_test.cpp
  LIBRARIES v2v::toolkit-linux)
