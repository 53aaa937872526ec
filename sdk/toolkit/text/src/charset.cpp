// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/charset.hpp>
#include <v2v/text/printable.hpp>

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>

namespace v2v::text {
namespace {

constexpr const char *replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr const char *fallback = "WINDOWS-1252";

/// The name for iconv, or empty. The name comes from a hostile file, and iconv knows suffixes, file
/// names and encodings with states: only what begins like a harmless one gets there.
std::string iconv_name(const std::string &name) {
  static constexpr std::array<std::string_view, 11> families = {
      "US-ASCII", "ISO-8859-", "WINDOWS-", "CP",    "GBK",      "GB18030",
      "GB2312",   "BIG5",      "EUC-",     "KOI8-", "SHIFT_JIS"};
  std::string upper;
  for (const unsigned char c : name) upper += static_cast<char>(std::toupper(c));
  const bool plain = upper.size() <= 24 && std::all_of(upper.begin(), upper.end(), [](char c) {
                       return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
                     });
  if (!plain) return {};
  if (upper == "UTF-8" || upper == "UTF8") return "UTF-8";
  for (const auto family : families)
    if (upper.compare(0, family.size(), family) == 0) return upper;
  return {};
}

class Decoder {
 public:
  explicit Decoder(const std::string &name) : handle_(open(name)) {}
  ~Decoder() {
    if (valid()) ::iconv_close(handle_);
  }
  Decoder(const Decoder &) = delete;
  Decoder &operator=(const Decoder &) = delete;

  bool valid() const { return handle_ != bad(); }

  std::string decode(std::string_view bytes) const {
    std::string text, input(bytes);
    char *in = input.data();
    std::size_t left = input.size();
    while (left > 0) {
      std::array<char, 4096> room;
      char *out = room.data();
      std::size_t free = room.size();
      const auto result = ::iconv(handle_, &in, &left, &out, &free);
      const int reason = errno;
      text.append(room.data(), room.size() - free);
      if (result != static_cast<std::size_t>(-1) || reason == E2BIG) continue;
      text += replacement;
      ++in;
      --left;
    }
    return text;
  }

 private:
  static iconv_t bad() { return reinterpret_cast<iconv_t>(-1); }
  static iconv_t open(const std::string &name) {
    if (name.empty()) return bad();
    auto handle = ::iconv_open("UTF-8", name.c_str());
    // Windows code pages above the 125x are known by their other name.
    if (handle == bad() && name.compare(0, 8, "WINDOWS-") == 0)
      handle = ::iconv_open("UTF-8", ("CP" + name.substr(8)).c_str());
    return handle;
  }

  iconv_t handle_;
};

}  // namespace

bool known_charset(const std::string &name) {
  return Decoder(iconv_name(name)).valid();
}

std::string to_utf8(std::string_view bytes, const std::string &charset) {
  const auto name = iconv_name(charset);
  // glibc's own UTF-8 goes beyond U+10FFFF.
  if (name == "UTF-8") return well_formed(bytes);
  const Decoder decoder(name);
  return well_formed(decoder.valid() ? decoder.decode(bytes) : Decoder(fallback).decode(bytes));
}

}  // namespace v2v::text
