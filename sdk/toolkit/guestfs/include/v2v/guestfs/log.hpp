// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A toolkit's log, connected to the host of a converter. Every message is also a moment at which the
// user's wish to stop is noticed.
#pragma once

#include <v2v/host.hpp>
#include <v2v/text/log.hpp>

namespace v2v::guestfs {

/// Its sinks throw Error(cancelled) when the user wants to stop.
text::Log log_to(const Host &host);

}  // namespace v2v::guestfs
