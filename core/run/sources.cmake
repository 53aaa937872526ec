# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  run/chronicle.cpp
  run/commit_registry.cpp
  run/descendants.cpp
  run/durable.cpp
  run/journal.cpp
  run/leftovers.cpp
  run/new_file.cpp
  run/run_directory.cpp
  run/shell_command.cpp
  run/standard_streams.cpp
  run/supervisor.cpp)
target_link_libraries(v2v-core PUBLIC v2v::toolkit-process)
