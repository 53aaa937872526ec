// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

#include <v2v/text/log.hpp>

namespace v2v::linux {

using text::Log;

}  // namespace v2v::linux
