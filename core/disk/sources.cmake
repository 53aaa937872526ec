# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  disk/copy.cpp
  disk/copy_qemu_img.cpp
  disk/estimate.cpp
  disk/extents.cpp
  disk/image_size.cpp
  disk/overlay.cpp
  disk/qemu_img.cpp
  disk/qemu_location.cpp
  disk/target_space.cpp)
# core knows of the toolkits only this one: what is known of image formats is known once.
target_link_libraries(v2v-core PRIVATE v2v::toolkit-images)
