// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// `v2v check`: what a conversion does before it changes its first byte, for its own sake.
#pragma once

#include <core/convert/context.hpp>

namespace v2v::core {

/// Looks at everything, whatever is found on the way, and hands the result to the settings' check. Nothing is
/// written but overlays. The exit status that the journal then has is that of `v2v check`.
/// @throws Error(cancelled)
void check_conversion(const ConversionContext &context);

}  // namespace v2v::core
