// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Line editing of a guest's configuration files. Every byte that is not meant stays as it was: line
// ends, spacing, comments, and lines that nobody understands. Augeas is not used for this: it
// rejects a whole file for one odd line (people's files have odd lines), and loading its lenses
// takes seconds in the appliance.
//
// Functions of text are pure. EditBuffer is not thread-safe and does not outlive its guest.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

inline bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
inline bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}
std::string_view trimmed(std::string_view text);
std::string lower_case(std::string_view text);
/// Words between blanks, as views into `text`, which must outlive them.
std::vector<std::string_view> words(std::string_view text);
std::vector<std::string_view> words(std::string &&text) = delete;
/// Lines without their line ends, as views into `text`, which must outlive them.
std::vector<std::string_view> lines(std::string_view text);
std::vector<std::string_view> lines(std::string &&text) = delete;
/// `text` with `piece`, a view into it, replaced.
std::string replace_piece(std::string_view text, std::string_view piece, std::string_view by);

/// Called with one line without its line end. It may change the line; false deletes it.
using LineEdit = std::function<bool(std::string &line)>;
std::string edit_lines(std::string_view text, const LineEdit &edit);

/// The value in a shell assignment `NAME=value`, without its quotes, as a view into `line`; nothing
/// if the line assigns something else or nothing. Escapes are left as they are.
std::optional<std::string_view> shell_value(std::string_view line, std::string_view name);
/// What the last assignment in a file says; nothing if there is none.
std::optional<std::string> shell_variable(std::string_view text, std::string_view name);

/// Order of names with numbers in them: ens33 before ens160, 5.9 before 5.10.
bool natural_less(std::string_view a, std::string_view b);

/// The content of a configuration file; nothing, after a warning, if it cannot be read or is larger
/// than any configuration is (4 MiB); nothing, silently, if it is not there.
std::optional<std::string> read_config(Guest &guest, const std::string &path, const Log &log);

/// Configuration files under change: each is read once, changed in memory as often as needed, and
/// written once, and only if its content became another.
class EditBuffer {
 public:
  /// @param reason  why files are edited, for the report of what was changed
  EditBuffer(Guest &guest, Log log, std::string reason)
      : guest_(guest), log_(std::move(log)), reason_(std::move(reason)) {}

  /// Why they are edited from now on.
  void because(std::string reason) { reason_ = std::move(reason); }

  /// The content as it is now; null if there is no such file. Valid until forget().
  const std::string *content(const std::string &path);
  void replace(const std::string &path, std::string content);
  /// False if nothing changed or the file is not there.
  bool edit(const std::string &path, const LineEdit &edit);
  /// Somebody else wrote the file: read it again when it is asked for.
  void forget(const std::string &path) { files_.erase(path); }
  /// Writes what changed, and tells the log of it.
  /// @return the paths written
  /// @throws Error as Guest::write
  std::vector<std::string> save();

 private:
  struct File {
    bool exists = false;
    std::string original, current;
    std::vector<std::string> reasons;
  };
  File &load(const std::string &path);
  void set(File &file, std::string content);

  Guest &guest_;
  Log log_;
  std::string reason_;
  std::map<std::string, File> files_;
};

}  // namespace v2v::linux
