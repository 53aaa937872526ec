# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# v2v_add_plugin(KIND NAME SOURCES … [LIBRARIES …]) builds v2v-KIND-NAME.so as the ABI wants it: one
# exported symbol (hidden visibility and an export map), nothing undefined (-z defs).
# KIND is input, convert or output. The same function serves this project and plugins outside it.
set(V2V_EXPORT_MAP ${CMAKE_CURRENT_LIST_DIR}/v2v-plugin.map)

function(v2v_add_plugin kind name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT kind MATCHES "^(input|convert|output)$")
    message(FATAL_ERROR "v2v_add_plugin: kind is input, convert or output, not '${kind}'")
  endif()
  set(target v2v-${kind}-${name})
  add_library(${target} MODULE ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE v2v::sdk ${ARG_LIBRARIES})
  target_compile_features(${target} PRIVATE c_std_11)
  set_target_properties(${target} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  # A sanitized build resolves the sanitizer's symbols at run time, so it cannot be linked with defs.
  set(defs -Wl,-z,defs)
  if("${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    set(defs "")
  endif()
  target_link_options(${target} PRIVATE ${defs} -Wl,--version-script=${V2V_EXPORT_MAP})
  set_target_properties(${target} PROPERTIES LINK_DEPENDS ${V2V_EXPORT_MAP})
endfunction()
