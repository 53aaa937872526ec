# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Reading and editing a guest's registry, and the hives it is tried on.
set(windows_hives ${CMAKE_CURRENT_SOURCE_DIR}/toolkit/windows)
add_library(v2v-test-windows-hives STATIC
  ${windows_hives}/windows_hives.cpp ${windows_hives}/windows_system_hive.cpp)
target_include_directories(v2v-test-windows-hives PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(v2v-test-windows-hives PUBLIC v2v::toolkit-windows PRIVATE fmt::fmt)

# Writes them for disks that look like one of a Windows.
add_executable(windows-hives ${CMAKE_SOURCE_DIR}/tests/guests/windows-hives.cpp)
target_link_libraries(windows-hives PRIVATE v2v-test-windows-hives)
set_target_properties(v2v-test-windows-hives windows-hives PROPERTIES CXX_CLANG_TIDY "")
set_target_properties(windows-hives PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)

# v2v_add_registry_test(NAME): toolkit/windows/NAME_test.cpp
function(v2v_add_registry_test name)
  string(REPLACE _ - target ${name})
  v2v_add_gtest(test-windows-${target} LABEL unit
    SOURCES toolkit/windows/${name}_test.cpp
    LIBRARIES v2v-test-windows-hives)
endfunction()
foreach(part identity boot_driver emulated_disks hive_compare registry_edits foreign network_settings hostile_hive)
  v2v_add_registry_test(${part})
endforeach()
