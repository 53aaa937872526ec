# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  run/command.cpp)
