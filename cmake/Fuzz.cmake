# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# How fuzz targets are added. In the preset `fuzz` (clang, libFuzzer, sanitizers) ctest -L fuzz runs
# each for some seconds over its kept corpus; in every other preset the corpus is replayed as a unit
# test. tests/fuzz/README.md says more.
option(V2V_FUZZ "Build the fuzz targets with libFuzzer; the compiler must be clang" OFF)

add_custom_target(fuzz-targets)

# v2v_add_fuzz(NAME SOURCES … LIBRARIES … [SEEDS directory]): fuzz-NAME, with its corpus in
# tests/fuzz/corpus/NAME and, for what the unit tests keep anyway, in SEEDS.
function(v2v_add_fuzz name)
  cmake_parse_arguments(ARG "" "SEEDS" "SOURCES;LIBRARIES" ${ARGN})
  set(target fuzz-${name})
  set(corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name} ${ARG_SEEDS})
  add_executable(${target} ${ARG_SOURCES})
  add_dependencies(fuzz-targets ${target})
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz
    CXX_CLANG_TIDY "")
  if(NOT V2V_FUZZ)
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp)
    add_test(NAME ${target} COMMAND ${target} ${corpus})
    set_tests_properties(${target} PROPERTIES LABELS unit TIMEOUT 120)
    return()
  endif()
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  # What is found goes here, and never into the kept corpus by itself.
  set(found ${CMAKE_BINARY_DIR}/fuzz/found-${name})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME ${target}
           COMMAND ${target} -max_total_time=5 -timeout=10 -rss_limit_mb=1024
                   -artifact_prefix=${found}/ ${found} ${corpus})
  set_tests_properties(${target} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
