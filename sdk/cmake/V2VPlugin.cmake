# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# v2v_add_plugin(KIND NAME SOURCES … [LIBRARIES …]) builds v2v-KIND-NAME.so as the ABI wants it: one
# exported symbol (hidden visibility and an export map), nothing undefined (-z defs). The file is
# plugins/v2v-KIND-NAME.so in the build tree and is installed into V2V_PLUGIN_INSTALL_DIR.
# KIND is input, convert or output; the target is called v2v-KIND-NAME. The same function serves
# this project and plugins outside it, in C or C++.
function(v2v_add_plugin kind name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT kind MATCHES "^(input|convert|output)$")
    message(FATAL_ERROR "v2v_add_plugin: kind is input, convert or output, not '${kind}'")
  endif()
  if(NOT name MATCHES "^[a-z0-9][a-z0-9-]*$")
    message(FATAL_ERROR "v2v_add_plugin: a name is made of a-z, 0-9 and '-', unlike '${name}'")
  endif()
  set(target v2v-${kind}-${name})
  set(export_map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/v2v-plugin.map)
  add_library(${target} MODULE ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE v2v::sdk ${ARG_LIBRARIES})
  set_target_properties(${target} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    C_STANDARD 11 C_STANDARD_REQUIRED ON CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    LINK_DEPENDS ${export_map})
  # A sanitized build resolves the sanitizer's symbols at run time, so it cannot be linked with defs.
  set(defs -Wl,-z,defs)
  if("${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    set(defs "")
  endif()
  target_link_options(${target} PRIVATE ${defs} -Wl,--version-script=${export_map})
  install(TARGETS ${target} LIBRARY DESTINATION ${V2V_PLUGIN_INSTALL_DIR} COMPONENT ${target})
endfunction()
