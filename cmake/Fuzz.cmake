# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# How fuzz targets are added. They exist in the preset `fuzz` (clang, libFuzzer, sanitizers), where
# ctest -L fuzz runs each for some seconds over its kept corpus. tests/fuzz/README.md says more.
option(V2V_FUZZ "Build the fuzz targets; the compiler must be clang" OFF)

# v2v_add_fuzz(NAME SOURCES … LIBRARIES …): fuzz-NAME, with its corpus in tests/fuzz/corpus/NAME.
function(v2v_add_fuzz name)
  if(NOT V2V_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(fuzz-${name} ${ARG_SOURCES})
  target_link_libraries(fuzz-${name} PRIVATE ${ARG_LIBRARIES})
  target_link_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz-${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  # What is found goes here, and never into the kept corpus by itself.
  set(found ${CMAKE_BINARY_DIR}/fuzz/found-${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz-${name}
           COMMAND fuzz-${name} -max_total_time=5 -timeout=10 -rss_limit_mb=1024
                   -artifact_prefix=${found}/ ${found} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  set_tests_properties(fuzz-${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
