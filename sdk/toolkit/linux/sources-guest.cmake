# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-toolkit-linux PRIVATE
  src/guest_path.cpp
  src/directory_guest.cpp)
