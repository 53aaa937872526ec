// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

namespace v2v::core {

/// Opens /dev/null in place of each of standard input, output and error that the caller's starter
/// closed. Otherwise the next file that is opened, a target disk perhaps, would get its number, and
/// messages would be written into it. To be called before anything is opened.
void open_standard_streams() noexcept;

}  // namespace v2v::core
