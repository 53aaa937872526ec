# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-kernels LABEL unit
  SOURCES toolkit/kernels_test.cpp
  LIBRARIES v2v::toolkit-linux)

# Two object files with just enough in them to be kernel modules for depmod.
add_library(test-module-provider OBJECT toolkit/initramfs_module_provider.c)
add_library(test-module-user OBJECT toolkit/initramfs_module_user.c)
v2v_add_gtest(test-initramfs LABEL unit
  SOURCES toolkit/initramfs_archive_test.cpp toolkit/initramfs_graft_test.cpp
          toolkit/initramfs_rebuild_test.cpp
  LIBRARIES v2v::toolkit-linux PkgConfig::archive PkgConfig::lz4)
target_include_directories(test-initramfs PRIVATE ${PROJECT_SOURCE_DIR}/sdk/toolkit/linux/src)
target_compile_definitions(test-initramfs PRIVATE
  MODULE_PROVIDER="$<TARGET_OBJECTS:test-module-provider>"
  MODULE_USER="$<TARGET_OBJECTS:test-module-user>")
add_dependencies(test-initramfs test-module-provider test-module-user)
