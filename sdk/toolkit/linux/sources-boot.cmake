# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-toolkit-linux PRIVATE
  src/package_version.cpp
  src/kernels.cpp
  src/kernel_choice.cpp
  src/unpack.cpp
  src/cpio.cpp
  src/initramfs_archive.cpp
  src/modules_dep.cpp
  src/initramfs_check.cpp
  src/module_index.cpp
  src/initramfs_graft.cpp
  src/initramfs.cpp
  src/initramfs_rebuild.cpp)
