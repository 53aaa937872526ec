// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace v2v::text {

/// "1.5 GiB", "512 bytes", for a person.
std::string human_size(std::uint64_t bytes);

}  // namespace v2v::text
