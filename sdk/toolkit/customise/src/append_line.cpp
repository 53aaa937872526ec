// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/append_line.hpp>

namespace v2v::customise {

std::string appended_line(std::string_view start, std::string_view end, const std::string &line,
                          const std::string &line_end) {
  std::string used = line_end;
  for (const char *candidate : {"\r\n", "\n", "\r"})
    if (start.find(candidate) != std::string_view::npos) {
      used = candidate;
      break;
    }
  const bool ends_in_line_end =
      end.size() >= used.size() && end.substr(end.size() - used.size()) == used;
  return (end.empty() || ends_in_line_end ? "" : used) + line + used;
}

}  // namespace v2v::customise
