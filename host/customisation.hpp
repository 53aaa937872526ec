// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The options of virt-customize, which change a guest besides its conversion: what they mean, checked before
// anything else is done as far as the command line and local files tell.
#pragma once

#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <string>
#include <vector>

namespace v2v::host {

/// The options as they were given, in order.
class Customisation {
 public:
  struct Option {
    std::string name, value;
  };

  /// @param name  one of customisation_names()
  /// @throws Error(usage) for a value that cannot be right; no file is opened
  void add(const std::string &name, const std::string &value);
  /// --password-crypto. @throws Error(usage)
  void set_password_method(const std::string &method);
  /// --no-logfile
  void leave_no_log() { keep_log_ = false; }

  const std::vector<Option> &options() const { return options_; }
  const std::string &password_method() const { return password_method_; }
  bool keep_log() const { return keep_log_; }

 private:
  std::vector<Option> options_;
  std::string password_method_;
  bool keep_log_ = true;
};

struct CustomisationName {
  const char *name;        ///< of the option
  const char *value_name;  ///< shown in help; null: it has no value
  const char *help;
};
/// Each option that is an operation, or a file of them.
const std::vector<CustomisationName> &customisation_names();

/// What an option asks for, as plugin.h has it, but for local files, which are still as they were given:
/// "ssh-inject USER SELECTOR", "password USER HOW FILE LOCKED" with HOW "file".
/// @throws Error(usage)
Operation customisation_operation(const std::string &name, const std::string &value);

/// What all options ask for.
struct Changes {
  std::vector<Operation> operations;  ///< in order, passwords last as in virt-customize
  bool keep_log = true;
  bool relabel = true;         ///< false: a file of commands has no-selinux-relabel
  bool needs_network = false;  ///< something may want to download
};
/// Gets what is wrong with one option, which is then left out.
using Problem = std::function<void(const Error &)>;
/// Opens the local files. @throws Error for one that is missing or not what it must be, if there is no `problem`
Changes read_changes(Customisation customisation, const Problem &problem = {});

}  // namespace v2v::host
