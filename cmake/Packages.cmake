# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Debian packages, by CPack: `cmake --build BUILD --target package`, or cpack for what is built already.
#
#   v2v               the program, its manual page and documents, what makes manual pages of plugins
#   v2v-KIND-NAME     a plugin with its manual page and document: each can be left out, or be updated without the others
#   v2v-dev           the SDK: headers, toolkits, CMake and pkg-config files, manual pages, templates, examples
#   v2v-as-virt-v2v   the names of virt-v2v's programs, as links to v2v, with their manual pages
#
# A plugin depends on the ABI that it was built for, which the host provides, and not on a version of the
# host. Libraries are found by dpkg-shlibdeps; programs that a plugin runs are named in its own folder.
include_guard()

set(V2V_PACKAGE_MAINTAINER "the v2v authors <v2v@localhost>" CACHE STRING
  "Who answers for the Debian packages: NAME <ADDRESS>")

file(STRINGS ${CMAKE_SOURCE_DIR}/sdk/include/v2v/plugin.h lines REGEX "^#define V2V_ABI_[A-Z]+ [0-9]+u$")
foreach(line ${lines})
  string(REGEX MATCH "V2V_ABI_([A-Z]+) ([0-9]+)" _ "${line}")
  set(abi_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()
# Drafts of one version have nothing to do with each other; later minor versions serve earlier plugins.
set(v2v_abi v2v-abi-${abi_MAJOR})
if(abi_DRAFT)
  string(APPEND v2v_abi -draft${abi_DRAFT})
endif()
set(v2v_abi_version ${abi_MAJOR}.${abi_MINOR})

# The programs of virt-v2v, as which v2v works under these names.
set(v2v_programs virt-v2v virt-v2v-in-place virt-v2v-inspector virt-v2v-open)

# v2v_package(NAME SUMMARY text [FIELD value]…): one package of the install component NAME. A FIELD is one
# of Debian's, as CPack writes it: DEPENDS, RECOMMENDS, SUGGESTS, PROVIDES, CONFLICTS, REPLACES, SECTION,
# ARCHITECTURE. In the directory whose plugin it is.
function(v2v_package name)
  set(fields DEPENDS RECOMMENDS SUGGESTS PROVIDES CONFLICTS REPLACES SECTION ARCHITECTURE)
  cmake_parse_arguments(ARG "" "SUMMARY;${fields}" "" ${ARGN})
  string(TOUPPER "${name}" upper)
  set(settings "set(CPACK_DEBIAN_${upper}_PACKAGE_NAME \"${name}\")\n")
  string(APPEND settings "set(CPACK_DEBIAN_${upper}_DESCRIPTION \"${ARG_SUMMARY}\n"
    "v2v moves virtual machines to KVM. Its inputs, converters and outputs are\n"
    "plugins, each in a package of its own.\")\n")
  foreach(field ${fields})
    if(ARG_${field})
      string(APPEND settings "set(CPACK_DEBIAN_${upper}_PACKAGE_${field} \"${ARG_${field}}\")\n")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY V2V_PACKAGES ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY V2V_PACKAGE_SETTINGS "${settings}")
  # What every package of Debian has to have. EXCLUDE_FROM_ALL: not in `cmake --install`.
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE RENAME copyright
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${name} EXCLUDE_FROM_ALL)
  install(FILES ${CMAKE_BINARY_DIR}/packages/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${name} EXCLUDE_FROM_ALL)
endfunction()

# v2v_plugin_package(KIND NAME SUMMARY text [DEPENDS …] [RECOMMENDS …] [SUGGESTS …])
function(v2v_plugin_package kind name)
  cmake_parse_arguments(ARG "" "SUMMARY;DEPENDS;RECOMMENDS;SUGGESTS" "" ${ARGN})
  set(depends "${v2v_abi} (>= ${v2v_abi_version})")
  if(ARG_DEPENDS)
    string(APPEND depends ", ${ARG_DEPENDS}")
  endif()
  v2v_package(v2v-${kind}-${name} SUMMARY "${ARG_SUMMARY}" DEPENDS "${depends}"
    RECOMMENDS "${ARG_RECOMMENDS}" SUGGESTS "${ARG_SUGGESTS}")
  set_property(GLOBAL APPEND PROPERTY V2V_PLUGIN_PACKAGES v2v-${kind}-${name})
endfunction()

# v2v_finish_packages(): once all are named.
function(v2v_finish_packages)
  get_property(plugins GLOBAL PROPERTY V2V_PLUGIN_PACKAGES)
  list(JOIN plugins ", " all_plugins)
  v2v_package(v2v SUMMARY "moves virtual machines to KVM"
    DEPENDS "qemu-utils" PROVIDES "${v2v_abi} (= ${v2v_abi_version})"
    RECOMMENDS "${all_plugins}, linux-image-amd64 | linux-image-generic"
    SUGGESTS "libguestfs-xfs")
  v2v_package(v2v-dev SUMMARY "SDK for plugins of v2v" SECTION libdevel
    SUGGESTS "cmake, pkgconf, v2v"
    RECOMMENDS "libarchive-dev, libbz2-dev, libcurl4-openssl-dev, libdeflate-dev, libfmt-dev, \
libguestfs-dev, libhivex-dev, liblz4-dev, liblzma-dev, libnbd-dev, libpugixml-dev, libssl-dev, \
libvirt-dev, libyaml-dev, libzstd-dev, nlohmann-json3-dev, zlib1g-dev")
  # Not by update-alternatives, which Debian's virt-v2v does not take part in: whoever installs this wants
  # these names to mean v2v, and whoever wants to have both calls v2v by its own. 2.2.0 is the release that
  # v2v is compared with, for packages that ask for a least version.
  v2v_package(v2v-as-virt-v2v SUMMARY "v2v in the place of virt-v2v" ARCHITECTURE all
    DEPENDS "v2v (>= ${PROJECT_VERSION})" PROVIDES "virt-v2v (= 2.2.0)" CONFLICTS virt-v2v
    REPLACES virt-v2v)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
  foreach(link ${v2v_programs})
    file(CREATE_LINK v2v ${CMAKE_BINARY_DIR}/packages/${link} SYMBOLIC)
    install(FILES ${CMAKE_BINARY_DIR}/packages/${link} DESTINATION ${CMAKE_INSTALL_BINDIR}
      COMPONENT v2v-as-virt-v2v EXCLUDE_FROM_ALL)
    install(FILES ${CMAKE_BINARY_DIR}/packages/${link}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
      COMPONENT v2v-as-virt-v2v EXCLUDE_FROM_ALL)
  endforeach()

  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/packages/changelog CONTENT
    "v2v (@PROJECT_VERSION@) unstable; urgency=medium\n
  * What is new is told in CHANGELOG.md of the package v2v.\n
 -- @V2V_PACKAGE_MAINTAINER@  ${date}\n" @ONLY)
  execute_process(COMMAND gzip -9nkf ${CMAKE_BINARY_DIR}/packages/changelog COMMAND_ERROR_IS_FATAL ANY)

  get_property(CPACK_COMPONENTS_ALL GLOBAL PROPERTY V2V_PACKAGES)
  get_property(settings GLOBAL PROPERTY V2V_PACKAGE_SETTINGS)
  # Else every description begins with the project's.
  file(WRITE ${CMAKE_BINARY_DIR}/packages/settings.cmake
    "set(CPACK_PACKAGE_DESCRIPTION_SUMMARY \"\")\n${settings}")
  set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_BINARY_DIR}/packages/settings.cmake)
  set(CPACK_GENERATOR DEB)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_PACKAGE_VENDOR "the v2v authors")
  set(CPACK_PACKAGE_CONTACT ${V2V_PACKAGE_MAINTAINER})
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION admin)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  # Directories 0755, whatever the umask of whoever makes them.
  set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  include(CPack)
endfunction()
