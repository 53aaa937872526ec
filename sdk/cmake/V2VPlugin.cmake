# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# v2v_add_plugin(KIND NAME SOURCES … [LIBRARIES …] [MANUAL page.md]) builds v2v-KIND-NAME.so as the ABI wants it: one
# exported symbol (hidden visibility and an export map), nothing undefined (-z defs). The file is
# plugins/v2v-KIND-NAME.so in the build tree and is installed into V2V_PLUGIN_INSTALL_DIR.
# KIND is input, convert or output; the target is called v2v-KIND-NAME. The same function serves
# this project and plugins outside it, in C or C++. MANUAL is for v2v_add_manual.
function(v2v_add_plugin kind name)
  cmake_parse_arguments(ARG "" "MANUAL" "SOURCES;LIBRARIES" ${ARGN})
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
  if(ARG_MANUAL)
    v2v_add_manual(${target} ${ARG_MANUAL})
  endif()
endfunction()

# v2v_add_manual(PLUGIN page.md) makes the manual page v2v-KIND-NAME(1) of a plugin out of a Markdown file
# and of what the plugin itself says of its options, and installs it with the plugin. The page begins with
# "# v2v-KIND-NAME(1)" and has the sections NAME and OPTIONS, which are filled in; the target
# manual-sources fills them in in the Markdown file as well. Without v2v-manual, which comes with v2v where
# md4c is there, nothing is made.
function(v2v_add_manual plugin page)
  cmake_path(ABSOLUTE_PATH page)
  v2v_manual_page(${plugin}.1 COMPONENT ${plugin} DEPENDS ${page} ${plugin}
    COMMAND page ${page} $<TARGET_FILE:${plugin}>)
  v2v_manual_source(${plugin} ${page} $<TARGET_FILE:${plugin}>)
endfunction()

# v2v_manual_page(NAME.SECTION COMPONENT … [EXCLUDE_FROM_ALL] DEPENDS … COMMAND page|abi …): man/NAME.SECTION.gz in the build tree,
# by v2v-manual.
function(v2v_manual_page name)
  cmake_parse_arguments(ARG "EXCLUDE_FROM_ALL" "COMPONENT" "DEPENDS;COMMAND" ${ARGN})
  if(NOT V2V_MANUAL_PROGRAM)
    return()
  endif()
  list(POP_FRONT ARG_COMMAND verb)
  string(TIMESTAMP date "%Y-%m-%d" UTC)  # SOURCE_DATE_EPOCH's, if that is set
  set(page ${CMAKE_BINARY_DIR}/man/${name})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
  add_custom_command(OUTPUT ${page}.gz DEPENDS ${V2V_MANUAL_PROGRAM} ${ARG_DEPENDS} VERBATIM
    COMMAND ${V2V_MANUAL_PROGRAM} ${verb} ${date} ${ARG_COMMAND} > ${page}
    COMMAND gzip -9nkf ${page} COMMENT "Making the manual page ${name}")
  add_custom_target(manual-${name} ALL DEPENDS ${page}.gz)
  cmake_path(GET name EXTENSION LAST_ONLY section)
  string(SUBSTRING ${section} 1 1 section)
  set(exclude "")
  if(ARG_EXCLUDE_FROM_ALL)
    set(exclude EXCLUDE_FROM_ALL)
  endif()
  install(FILES ${page}.gz DESTINATION ${V2V_MANUAL_INSTALL_DIR}/man${section}
    COMPONENT ${ARG_COMPONENT} ${exclude})
endfunction()

# v2v_manual_source(NAME page.md PLUGIN.so|PROGRAM): a part of the target manual-sources.
function(v2v_manual_source name page about)
  if(NOT V2V_MANUAL_PROGRAM)
    return()
  endif()
  if(NOT TARGET manual-sources)
    add_custom_target(manual-sources)
  endif()
  set(filled_in ${CMAKE_BINARY_DIR}/man/${name}.md)
  add_custom_target(manual-source-${name} VERBATIM
    COMMAND ${V2V_MANUAL_PROGRAM} source ${page} ${about} > ${filled_in}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${filled_in} ${page})
  add_dependencies(manual-sources manual-source-${name})
endfunction()
