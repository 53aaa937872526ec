# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# What happens on the day a minor version appends a member to a struct, tried today: plugin.h with one
# more member in every struct and minor version 1. The loading half of the host is compiled against
# it and runs plugins of 1.0; plugins are compiled against it and run in the host of 1.0.
set(header ${CMAKE_SOURCE_DIR}/sdk/include/v2v/plugin.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
set(later ${CMAKE_CURRENT_BINARY_DIR}/later-minor)
file(READ ${header} text)
string(REGEX REPLACE "\n}(( v2v_[a-z_]+)?);\n" "\n  uint64_t appended V2V_APPENDED;\n}\\1;\n" text "${text}")
# In C++ it has a value that nobody could take for nothing.
string(PREPEND text "#ifdef __cplusplus\n#define V2V_APPENDED = 0x5a5a5a5a5a5a5a5aull\n#else\n"
  "#define V2V_APPENDED\n#endif\n")
string(REPLACE "V2V_ABI_MINOR 0u" "V2V_ABI_MINOR 1u" text "${text}")
file(CONFIGURE OUTPUT ${later}/v2v/plugin.h CONTENT "${text}" @ONLY)

v2v_add_test_plugin(later-sdk plugin.c TARGET_MODE=V2V_TARGET_DISCARD)
v2v_add_test_plugin(later-minor plugin.c V2V_TARGET_MINOR=1u)
v2v_add_test_plugin_of(convert later-sdk converter.c)
foreach(plugin echo echo-later)
  v2v_add_test_plugin_of(input ${plugin} echo.cpp ECHO_INPUT)
  v2v_add_test_plugin_of(convert ${plugin} echo.cpp ECHO_CONVERTER)
  v2v_add_test_plugin_of(output ${plugin} echo.cpp)
endforeach()
foreach(target output-later-sdk output-later-minor convert-later-sdk input-echo-later
    convert-echo-later output-echo-later)
  string(REPLACE output- "" target ${target})
  target_include_directories(test-plugin-${target} BEFORE PRIVATE ${later})
endforeach()

set(loading convert/plugin_host convert/plugin_instances plugin/descriptor plugin/elf_check
  plugin/entry_host plugin/library plugin/load plugin/nearest plugin/options plugin/plugin_file
  plugin/vet run/journal)
list(TRANSFORM loading PREPEND ${CMAKE_SOURCE_DIR}/core/)
list(TRANSFORM loading APPEND .cpp)
v2v_add_gtest(test-later-minor LABEL abi SOURCES later_minor_test.cpp every_call_test.cpp ${loading}
  LIBRARIES v2v::toolkit-process v2v::toolkit-text v2v::sdk fmt::fmt nlohmann_json::nlohmann_json Boost::headers PkgConfig::guestfs
    Threads::Threads ${CMAKE_DL_LIBS})
target_include_directories(test-later-minor BEFORE PRIVATE ${later} ${CMAKE_SOURCE_DIR})
target_compile_definitions(test-later-minor PRIVATE V2V_VERSION="${PROJECT_VERSION}"
  V2V_TEST_PLUGINS="${plugin_output}" V2V_BUILT_PLUGINS="${CMAKE_BINARY_DIR}/plugins")
# The tables that are written down as they were in 1.0.
target_compile_options(test-later-minor PRIVATE -Wno-missing-field-initializers)
add_dependencies(test-later-minor test-plugin-manifest test-plugin-convert-good
  ${test_plugins} v2v-input-disk v2v-output-null)
