# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  convert/buses.cpp
  convert/check.cpp
  convert/conversion.cpp
  convert/converters.cpp
  convert/copying.cpp
  convert/describe.cpp
  convert/disk_ends.cpp
  convert/disk_underway.cpp
  convert/ends.cpp
  convert/examination.cpp
  convert/finding_collector.cpp
  convert/guest_facts.cpp
  convert/guest_report.cpp
  convert/in_place.cpp
  convert/opening.cpp
  convert/overlays.cpp
  convert/plugin_host.cpp
  convert/plugin_instances.cpp
  convert/run_conversion.cpp
  convert/unchanged.cpp
  convert/words.cpp)
