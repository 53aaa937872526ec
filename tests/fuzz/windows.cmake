# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_fuzz(windows-hive SOURCES windows_hive.cpp LIBRARIES v2v::toolkit-windows)
v2v_add_fuzz(windows-bcd SOURCES windows_bcd.cpp LIBRARIES v2v::toolkit-windows)
foreach(target fuzz-windows-hive fuzz-windows-bcd)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit)
endforeach()
