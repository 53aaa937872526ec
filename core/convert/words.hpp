// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What people call the devices of a machine. Pure.
#pragma once

#include <v2v/values.hpp>

namespace v2v::core {

const char *word(Firmware firmware);
const char *word(Controller controller);
const char *word(BlockBus bus);
const char *word(NetBus bus);
const char *word(Machine machine);
const char *word(Display::Type type);

}  // namespace v2v::core
