# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-process LABEL unit
  SOURCES toolkit/process_test.cpp
  LIBRARIES v2v::toolkit-process)
v2v_add_gtest(test-text LABEL unit
  SOURCES toolkit/human_size_test.cpp toolkit/uri_test.cpp
  LIBRARIES v2v::toolkit-text)
