# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# What `cmake --install` lays down besides the program and the plugins, which install themselves
# (host/CMakeLists.txt, v2v_add_plugin): the SDK with its CMake package and pkg-config file, and
# the documents. The installed tree may be moved as a whole.
include(CMakePackageConfigHelpers)
set(v2v_sdk_dir ${CMAKE_INSTALL_LIBDIR}/cmake/v2v-sdk)

# ---- The SDK: headers, and one exported target --------------------------------------------------
install(DIRECTORY sdk/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT v2v-dev)
set_target_properties(v2v-sdk PROPERTIES EXPORT_NAME sdk)
install(TARGETS v2v-sdk EXPORT v2v-sdk COMPONENT v2v-dev)
install(EXPORT v2v-sdk NAMESPACE v2v:: FILE v2v-sdk-targets.cmake
  DESTINATION ${v2v_sdk_dir} COMPONENT v2v-dev)

# ---- The toolkits: each a component of the package, because each needs libraries of its own -----
# V2V_TOOLKIT_NEEDS becomes the part of the package that finds these libraries again. A toolkit that
# another one uses stands behind it here and is loaded before it there.
set(V2V_TOOLKIT_NEEDS "")
foreach(toolkit linux windows customise guestfs ovf local_disks libvirt_client libvirt xml openstack machine http nbd
    images process digest text)
  set(target v2v-toolkit-${toolkit})
  install(DIRECTORY sdk/toolkit/${toolkit}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    COMPONENT v2v-dev)
  set_target_properties(${target} PROPERTIES EXPORT_NAME toolkit-${toolkit})
  install(TARGETS ${target} EXPORT ${target} COMPONENT v2v-dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT ${target} NAMESPACE v2v:: FILE ${target}.cmake
    DESTINATION ${v2v_sdk_dir} COMPONENT v2v-dev)

  string(APPEND V2V_TOOLKIT_NEEDS "if(\"toolkit-${toolkit}\" IN_LIST v2v-sdk_FIND_COMPONENTS)\n")
  get_target_property(libraries ${target} LINK_LIBRARIES)
  foreach(library ${libraries})
    if(library MATCHES "^PkgConfig::(.*)$")
      string(APPEND V2V_TOOLKIT_NEEDS "  find_dependency(PkgConfig)\n  pkg_check_modules("
        "${CMAKE_MATCH_1} REQUIRED IMPORTED_TARGET ${${CMAKE_MATCH_1}_MODULE_NAME})\n")
    elseif(library MATCHES "^v2v::(toolkit-.*)$")
      string(APPEND V2V_TOOLKIT_NEEDS
        "  list(PREPEND v2v-sdk_FIND_COMPONENTS ${CMAKE_MATCH_1})\n")
    elseif(library MATCHES "^(.*)::" AND NOT CMAKE_MATCH_1 STREQUAL "v2v")
      string(APPEND V2V_TOOLKIT_NEEDS "  find_dependency(${CMAKE_MATCH_1})\n")
    endif()
  endforeach()
  string(APPEND V2V_TOOLKIT_NEEDS "endif()\n")
endforeach()

# ---- find_package(v2v-sdk) and pkg-config v2v-sdk -----------------------------------------------
set(V2V_MANUAL_INSTALLED ${CMAKE_INSTALL_LIBEXECDIR}/v2v/v2v-manual)
configure_package_config_file(sdk/cmake/v2v-sdk-config.cmake.in
  ${CMAKE_BINARY_DIR}/v2v-sdk-config.cmake INSTALL_DESTINATION ${v2v_sdk_dir}
  PATH_VARS V2V_PLUGIN_INSTALL_DIR V2V_MANUAL_INSTALL_DIR V2V_MANUAL_INSTALLED)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/v2v-sdk-config-version.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/v2v-sdk-config.cmake
  ${CMAKE_BINARY_DIR}/v2v-sdk-config-version.cmake
  sdk/cmake/V2VPlugin.cmake sdk/cmake/v2v-plugin.map
  DESTINATION ${v2v_sdk_dir} COMPONENT v2v-dev)

file(RELATIVE_PATH v2v_prefix_from_pkgconfig
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" v2v_prefix_from_pkgconfig ${v2v_prefix_from_pkgconfig})
configure_file(sdk/cmake/v2v-sdk.pc.in ${CMAKE_BINARY_DIR}/v2v-sdk.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/v2v-sdk.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT v2v-dev)

if(TARGET v2v-manual)
  set(V2V_MANUAL_PROGRAM v2v-manual)
endif()
# ---- Documents, starter plugins, examples: each with the package whose matter it is ---------------
file(GLOB documents CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} docs/*.md)
foreach(document ${documents})
  get_filename_component(subject ${document} NAME_WE)
  set(package v2v)
  if(TARGET v2v-${subject})  # a plugin's: KIND-NAME
    set(package v2v-${subject})
    v2v_add_manual(${package} ${document})
  elseif(subject MATCHES "^(plugin-guide|plugin-abi|architecture)$")
    set(package v2v-dev)
  endif()
  install(FILES ${document} DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${package})
endforeach()
set(docs ${CMAKE_SOURCE_DIR}/docs)
v2v_manual_page(v2v.1 COMPONENT v2v DEPENDS ${docs}/v2v.md COMMAND page ${docs}/v2v.md v2v)
foreach(program ${v2v_programs})
  # As the links themselves: they would stand before the pages of a virt-v2v that is installed.
  v2v_manual_page(${program}.1 COMPONENT v2v-as-virt-v2v EXCLUDE_FROM_ALL DEPENDS ${docs}/virt-v2v.md
    COMMAND page ${docs}/virt-v2v.md ${program})
endforeach()
v2v_manual_source(v2v ${docs}/v2v.md v2v)
v2v_manual_source(virt-v2v ${docs}/virt-v2v.md virt-v2v)
v2v_manual_page(v2v-plugin.7 COMPONENT v2v-dev DEPENDS ${docs}/plugin-guide.md COMMAND page ${docs}/plugin-guide.md)
set(header ${CMAKE_SOURCE_DIR}/sdk/include/v2v/plugin.h)
v2v_manual_page(v2v-plugin.3 COMPONENT v2v-dev DEPENDS ${docs}/plugin-abi.md ${header}
  COMMAND abi ${docs}/plugin-abi.md ${header})
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT v2v)
# Completion, where each shell of Debian looks.
install(FILES completion/v2v.bash RENAME v2v
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT v2v)
install(FILES completion/_v2v DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT v2v)
install(FILES completion/v2v.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
  COMPONENT v2v)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT v2v-dev)
install(DIRECTORY sdk/template/ DESTINATION ${CMAKE_INSTALL_DATADIR}/v2v/template COMPONENT v2v-dev)
