# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  plugin/catalog.cpp
  plugin/descriptor.cpp
  plugin/elf_check.cpp
  plugin/entry_host.cpp
  plugin/library.cpp
  plugin/load.cpp
  plugin/nearest.cpp
  plugin/options.cpp
  plugin/plugin_file.cpp
  plugin/search_path.cpp
  plugin/vet.cpp)
# From the executable to the plugins: an installed tree may be moved as a whole.
file(RELATIVE_PATH v2v_plugin_dir_from_bin
  ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/v2v/plugins)
set_source_files_properties(plugin/search_path.cpp PROPERTIES COMPILE_DEFINITIONS
  V2V_PLUGIN_DIR_FROM_BIN="${v2v_plugin_dir_from_bin}")
