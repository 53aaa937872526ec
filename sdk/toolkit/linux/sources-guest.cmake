# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-toolkit-linux PRIVATE
  src/guest_path.cpp
  src/directory_guest.cpp
  src/preloaded_tree.cpp
  src/answer_cache.cpp
  src/lifted_attributes.cpp
  src/guestfs_state.cpp
  src/guestfs_preload.cpp
  src/guestfs_guest.cpp)
