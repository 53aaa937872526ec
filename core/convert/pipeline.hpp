// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The pipeline itself, without the process around it.
#pragma once

#include <core/convert/context.hpp>

namespace v2v::core {

/// Takes every step, in the supervisor's child.
void convert(ConversionContext context);

}  // namespace v2v::core
