# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  run/command.cpp
  run/descendants.cpp
  run/journal.cpp
  run/leftovers.cpp
  run/run_directory.cpp
  run/standard_streams.cpp
  run/supervisor.cpp)
