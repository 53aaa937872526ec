// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Two languages lie between a guest's name and QEMU: the shell of the script and QEMU's own option
// syntax. Pure functions; any thread.
#pragma once

#include <string>

namespace v2v::output_qemu {

/// `text` as one word of a POSIX shell, whatever bytes it holds.
std::string shell_word(const std::string &text);

/// `text` as the value of a QEMU option: "a,b" becomes "a,,b" (qemu(1), "doubled commas").
std::string option_value(const std::string &text);

}  // namespace v2v::output_qemu
