// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A whole guest in a temporary directory, converted as a converter of its family would.
#pragma once

#include "system_fixture.hpp"

#include <v2v/linux/conversion.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace v2v::linux {

class ConversionTest : public SystemTest {
 protected:
  /// Every file system has the UUID 7777.
  GuestCaps convert_as(const Family &family) {
    const auto run_directory = host_directory() / "run-of-the-host";
    std::filesystem::create_directories(run_directory);
    Conversion conversion(guest,
                          {family, inspection, source, wishes, run_directory.string(),
                           [](const std::string &) { return std::optional<std::string>("7777"); }},
                          log);
    return conversion.run();
  }

  Inspection inspection;
  Source source;
  Wishes wishes;
};

}  // namespace v2v::linux
