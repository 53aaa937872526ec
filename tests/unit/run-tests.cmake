# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-run LABEL unit LIBRARIES v2v-core SOURCES
  core/chronicle_test.cpp core/command_test.cpp core/guest_facts_test.cpp
  core/journal_test.cpp core/leftovers_test.cpp
  core/new_file_test.cpp core/run_directory_test.cpp core/standard_streams_test.cpp
  core/supervisor_test.cpp)
v2v_add_gtest(test-collect LABEL unit LIBRARIES v2v-core PkgConfig::archive
  SOURCES core/tar_writer_test.cpp)
v2v_add_gtest(test-copying LABEL unit LIBRARIES v2v-core SOURCES core/copying_test.cpp)
