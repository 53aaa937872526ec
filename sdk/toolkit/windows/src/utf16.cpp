// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/utf16.hpp>

#include <boost/locale/encoding_utf.hpp>

namespace v2v::windows {

using boost::locale::conv::utf_to_utf;

std::string to_utf16(std::string_view utf8) {
  std::string bytes;
  for (const char16_t unit : utf_to_utf<char16_t>(utf8.data(), utf8.data() + utf8.size())) {
    bytes += static_cast<char>(unit & 0xff);
    bytes += static_cast<char>(unit >> 8);
  }
  return bytes;
}

std::string from_utf16(std::string_view bytes) {
  std::u16string units;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto low = static_cast<unsigned char>(bytes[i]);
    const auto high = static_cast<unsigned char>(bytes[i + 1]);
    units += static_cast<char16_t>(low | high << 8);
  }
  return utf_to_utf<char>(units);
}

}  // namespace v2v::windows
