# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  convert/buses.cpp
  convert/conversion.cpp
  convert/copying.cpp
  convert/describe.cpp
  convert/in_place.cpp
  convert/opening.cpp
  convert/plugin_host.cpp
  convert/plugin_instances.cpp)
