# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  disk/commit_overlay.cpp
  disk/disk_contents.cpp
  disk/disk_map.cpp
  disk/disk_reader.cpp
  disk/estimate.cpp
  disk/extents.cpp
  disk/file_io.cpp
  disk/image_lock.cpp
  disk/image_size.cpp
  disk/layer_file.cpp
  disk/layer_nbd.cpp
  disk/layer_vmdk.cpp
  disk/layered_disk.cpp
  disk/nbd_connection.cpp
  disk/overlay.cpp
  disk/qemu_img.cpp
  disk/qemu_location.cpp
  disk/source_watch.cpp
  disk/vmdk_cursor.cpp
  disk/vmdk_header.cpp
  disk/vmdk_stream.cpp)
# What is known of image formats is known once, in the toolkit.
target_link_libraries(v2v-core PRIVATE v2v::toolkit-images v2v::toolkit-nbd v2v::toolkit-text PkgConfig::deflate)
