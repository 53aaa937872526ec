# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-toolkit-linux PRIVATE
  src/package_version.cpp
  src/kernels.cpp
  src/kernel_choice.cpp)
