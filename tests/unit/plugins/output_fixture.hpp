// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the tests of outputs share: guests to describe, commands.
#pragma once

#include "../temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <v2v/error.hpp>
#include <v2v/machine/machine.hpp>
#include <vector>

namespace v2v::test {

/// A Debian 12 BIOS guest with one virtio disk and one NIC on q35.
Metadata debian_guest(unsigned disks = 1);

/// DIR/NAME-sda … in raw.
std::vector<machine::DiskSource> file_disks(const Metadata &metadata,
                                            const std::string &directory = "/var/tmp");

/// Puts all disks on this bus and nothing else anywhere.
void use_bus(Metadata &metadata, BlockBus bus);

std::vector<std::string> names_in(const std::filesystem::path &directory);

struct Ran {
  int status = -1;
  std::string output;  ///< standard output and error
};
/// Runs a line of shell with a time limit.
Ran shell(const std::string &line, unsigned seconds = 60);

/// The error that `body` throws, or nothing.
std::optional<Error> error_of(const std::function<void()> &body);

}  // namespace v2v::test
