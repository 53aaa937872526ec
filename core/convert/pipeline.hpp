// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The pipeline itself, without the process around it.
#pragma once

#include <core/convert/context.hpp>

#include <cstdint>

namespace v2v::core {

/// Room for the overlays of an ordinary guest; virt-v2v(1) asks for as much, "Minimum free space check
/// in the host".
constexpr std::uint64_t needed_scratch_space = std::uint64_t{1} << 30;

/// Takes every step, in the supervisor's child.
void convert(ConversionContext context);

}  // namespace v2v::core
