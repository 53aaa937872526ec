// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The units of an OVF: "byte * 2^20" (DMTF DSP0004, programmatic units), and the words that tools
// wrote before: "MegaBytes", "MB". Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace v2v::input_ova {

/// Bytes of one unit. Words are powers of 1024 whatever their prefix, as every tool means them.
/// @return nothing for a unit that is not one of bytes, or beyond 2^62
std::optional<std::uint64_t> unit_bytes(std::string_view unit);

/// A decimal number between blanks.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// The product, or nothing if it does not fit.
std::optional<std::uint64_t> multiply(std::uint64_t first, std::uint64_t second);

}  // namespace v2v::input_ova
