// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See quoting.hpp.
#include "quoting.hpp"

namespace v2v::output_qemu {

std::string shell_word(const std::string &text) {
  const char *const plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.,:/+";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  // Between single quotes nothing is special but the single quote.
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string option_value(const std::string &text) {
  std::string value;
  for (const char c : text) value += c == ',' ? std::string(",,") : std::string(1, c);
  return value;
}

}  // namespace v2v::output_qemu
