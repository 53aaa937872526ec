// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which Windows a guest is, and which of its control sets is in use. Facts of the registry: Microsoft's
// documentation of HKLM\SYSTEM\Select and of the "CurrentVersion" key; the short ids are osinfo-db's.
//
// Pure functions of what they are given; as thread-safe as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace v2v::windows {

/// The name of the key that Windows will use at its next boot as CurrentControlSet: "ControlSet001".
/// Error(corrupt) if SYSTEM does not say, or names one that is not there.
std::string current_control_set(const Hive &system);

/// The number that tells Windows 11 from 10, from SOFTWARE; nothing if it is not there.
std::optional<unsigned> build_number(const Hive &software);

/// osinfo-db's short id, "win2k22"; "unknown" for a Windows that is none of those v2v knows.
/// @param variant  "Client", "Server", "Server Core", "Embedded"
/// @param build    0 if it is not known
std::string osinfo_id(int major, int minor, std::string_view variant, std::string_view product_name,
                      unsigned build);

}  // namespace v2v::windows
