// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/operations.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace v2v::customise {
namespace {

constexpr std::size_t any_number = 1000;

struct Kind {
  const char *name;
  std::size_t least, most;  ///< arguments
  /// {0} and {1} are the first two arguments, {2} all of them, {3} all but the first.
  const char *announcement;
};

constexpr Kind kinds[] = {
    {"append-line", 2, 2, "Appending line to {0}"},
    {"chmod", 2, 2, "Changing permissions of {0} to {1}"},
    {"chown", 3, 3, "Changing owner of {0} to {4}"},
    {"copy", 2, 2, "Copying (in image): {0} to {1}"},
    {"copy-in", 2, 2, "Copying: {0} to {1}"},
    {"delete", 1, 1, "Deleting: {0}"},
    {"edit", 2, 2, "Editing: {0}"},
    {"firstboot", 1, 1, "Installing firstboot script: {0}"},
    {"firstboot-command", 1, 1, "Installing firstboot command: {0}"},
    {"firstboot-install", 1, any_number, "Installing firstboot packages: {2}"},
    {"hostname", 1, 1, "Setting the hostname: {0}"},
    {"install", 1, any_number, "Installing packages: {2}"},
    {"link", 2, any_number, "Linking: {3} -> {0}"},
    {"mkdir", 1, 1, "Making directory: {0}"},
    {"move", 2, 2, "Moving: {0} -> {1}"},
    {"password", 5, 5, "Setting passwords"},
    {"run", 1, 1, "Running: {0}"},
    {"run-command", 1, 1, "Running: {0}"},
    {"scrub", 1, 1, "Scrubbing: {0}"},
    {"ssh-inject", 2, 2, "SSH key inject: {0}"},
    {"tar-in", 2, 2, "Unpack tar file: {0} to {1}"},
    {"timezone", 1, 1, "Setting the timezone: {0}"},
    {"touch", 1, 1, "Running touch: {0}"},
    {"truncate", 1, 1, "Truncating: {0}"},
    {"truncate-recursive", 1, 1, "Recursively truncating: {0}"},
    {"uninstall", 1, any_number, "Uninstalling packages: {2}"},
    {"update", 0, 0, "Updating packages"},
    {"upload", 2, 2, "Uploading: {0} to {1}"},
    {"write", 2, 2, "Writing: {0}"},
};

const Kind *kind_of(const Operation &operation) {
  const auto *found = std::find_if(std::begin(kinds), std::end(kinds),
                                   [&](const Kind &kind) { return operation.kind == kind.name; });
  return found == std::end(kinds) ? nullptr : found;
}

}  // namespace

void check_shape(const Operation &operation) {
  const auto *kind = kind_of(operation);
  if (!kind)
    throw refusal(operation, "this converter does not know such a change", "update the converter");
  const auto count = operation.arguments.size();
  if (count < kind->least || count > kind->most)
    throw Error(Code::internal, fmt::format("an operation came with {} arguments", count),
                "--" + operation.kind, "please report this");
}

std::string announcement(const Operation &operation) {
  const auto *kind = kind_of(operation);
  if (!kind) return operation.kind;
  const auto &all = operation.arguments;
  const auto at = [&](std::size_t i) { return i < all.size() ? all[i] : std::string(); };
  const std::vector<std::string> rest(all.begin() + (all.empty() ? 0 : 1), all.end());
  // One line, whatever a command has in it.
  constexpr std::size_t most = 1000;
  return text::printable(
      fmt::format(fmt::runtime(kind->announcement), at(0), at(1),
                  fmt::to_string(fmt::join(all, " ")), fmt::to_string(fmt::join(rest, " ")),
                  fmt::to_string(fmt::join(rest, ":"))),
      most);
}

Error refusal(const Operation &operation, const std::string &why, const std::string &remedy) {
  return Error(Code::unsupported, why, "--" + operation.kind, remedy);
}

}  // namespace v2v::customise
