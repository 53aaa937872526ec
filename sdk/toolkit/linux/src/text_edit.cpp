// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See text_edit.hpp.
#include <v2v/linux/text_change.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace v2v::linux {
namespace {

constexpr std::uint64_t kLargestConfig = 4u << 20;

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char &c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    if (blank(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && !blank(text[end])) ++end;
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (ends_with(line, "\r")) line.remove_suffix(1);
    found.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return found;
}

std::string replace_piece(std::string_view text, std::string_view piece, std::string_view by) {
  const auto at = static_cast<std::size_t>(piece.data() - text.data());
  std::string result(text.substr(0, at));
  result += by;
  result += text.substr(at + piece.size());
  return result;
}

std::string edit_lines(std::string_view text, const LineEdit &edit) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const auto whole = newline == std::string_view::npos ? text : text.substr(0, newline + 1);
    auto content = whole.substr(0, newline);
    if (ends_with(content, "\r")) content.remove_suffix(1);
    std::string line(content);
    if (edit(line)) {
      result += line;
      result += whole.substr(content.size());
    }
    text.remove_prefix(whole.size());
  }
  return result;
}

std::optional<std::string_view> shell_value(std::string_view line, std::string_view name) {
  auto rest = trimmed(line);
  if (starts_with(rest, "export ")) rest = trimmed(rest.substr(7));
  if (!starts_with(rest, name) || rest.size() == name.size() || rest[name.size()] != '=')
    return std::nullopt;
  rest.remove_prefix(name.size() + 1);
  if (rest.empty()) return rest;
  const char quote = rest.front();
  if (quote != '"' && quote != '\'') return rest.substr(0, rest.find_first_of(" \t;#"));
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != quote) end += quote == '"' && rest[end] == '\\' ? 2 : 1;
  return rest.substr(1, std::min(end, rest.size()) - 1);
}

std::optional<std::string> shell_variable(std::string_view text, std::string_view name) {
  std::optional<std::string> last;
  for (const auto line : lines(text))
    if (const auto value = shell_value(line, name)) last = std::string(*value);
  return last;
}

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto number = [](std::string_view text, std::size_t &at) {
        while (at < text.size() && text[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(begin, at - begin);
      };
      const auto x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;  // "01" and "1": some order
}

std::optional<std::string> read_config(Guest &guest, const std::string &path, const Log &log) {
  try {
    // Not stat(), which costs a call even for a preloaded file.
    if (!guest.is_file(path)) return std::nullopt;
    auto content = guest.read(path);
    if (content.size() <= kLargestConfig) return content;
    log.warning(fmt::format("{} is left alone: {} bytes are too many for a configuration file",
                            path, content.size()));
    return std::nullopt;
  } catch (const Error &error) {
    log.warning(fmt::format("{} is left alone, it cannot be read: {}", path, error.what()));
    return std::nullopt;
  }
}

EditBuffer::File &EditBuffer::load(const std::string &path) {
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  File file;
  if (auto content = read_config(guest_, path, log_)) {
    file.exists = true;
    file.original = file.current = std::move(*content);
  }
  return files_.emplace(path, std::move(file)).first->second;
}

const std::string *EditBuffer::content(const std::string &path) {
  const File &file = load(path);
  return file.exists ? &file.current : nullptr;
}

void EditBuffer::set(File &file, std::string content) {
  if (content == file.current) return;
  file.current = std::move(content);
  if (std::find(file.reasons.begin(), file.reasons.end(), reason_) == file.reasons.end())
    file.reasons.push_back(reason_);
}

void EditBuffer::replace(const std::string &path, std::string content) {
  File &file = load(path);
  file.exists = true;
  set(file, std::move(content));
}

bool EditBuffer::edit(const std::string &path, const LineEdit &edit) {
  File &file = load(path);
  if (!file.exists) return false;
  auto edited = edit_lines(file.current, edit);
  if (edited == file.current) return false;
  set(file, std::move(edited));
  return true;
}

std::vector<std::string> EditBuffer::save() {
  std::vector<std::string> written;
  for (auto &[path, file] : files_) {
    if (!file.exists || file.current == file.original) continue;
    guest_.write(path, file.current);
    log_.change(path, describe_change(file.original, file.current),
                fmt::format("{}", fmt::join(file.reasons, "; ")));
    file.original = file.current;
    file.reasons.clear();
    written.push_back(path);
  }
  return written;
}

}  // namespace v2v::linux
