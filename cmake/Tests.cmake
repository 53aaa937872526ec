# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# How tests are added. Labels: unit (milliseconds, no appliance), abi (generated plugins), wine (programs
# for Windows, under Wine; a minute), e2e (real guests; minutes). `ctest -L unit` is what a developer
# runs all the time.

# v2v_add_gtest(NAME LABEL unit|abi|e2e SOURCES … LIBRARIES …)
function(v2v_add_gtest name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  # What is tested is optimised; to optimise the tests as well would double the time of a build.
  target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0>)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  # Each file of a test is a world of its own, with names that others have too.
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  # No clang-tidy on tests: GoogleTest's macros trip it.
  set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY "")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
endfunction()

# v2v_add_shell_test(NAME LABEL … SCRIPT file TIMEOUT seconds [ARGUMENTS …]): exit 77 means skipped.
function(v2v_add_shell_test name)
  cmake_parse_arguments(ARG "" "LABEL;SCRIPT;TIMEOUT" "ARGUMENTS" ${ARGN})
  add_test(NAME ${name} COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCRIPT} ${ARG_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
    SKIP_RETURN_CODE 77
    ENVIRONMENT "V2V_BUILD=${CMAKE_BINARY_DIR};V2V_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()
