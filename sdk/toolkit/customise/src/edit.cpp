// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/edit.hpp>

#include <v2v/error.hpp>
#include <v2v/process/process.hpp>

namespace v2v::customise {
namespace {

// The expression comes in the environment: nothing of it is on a command line, where all could read it.
constexpr const char *variable = "V2V_EDIT_EXPRESSION";

std::string run_perl(const std::string &program, const std::string &expression, std::string input,
                     const std::string &path) {
  process::Command perl{{"perl", "-e", program}};
  perl.environment = {{variable, expression}};
  perl.input = std::move(input);
  perl.package = "perl-base";
  const auto output = perl.run("cannot edit the guest's file", path);
  if (output.status == 0) return output.out;
  auto reason = output.error;
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  throw Error(Code::usage, "Perl refuses the expression: " + reason, "--edit " + path,
              "try the expression with perl -pe on a copy of the file");
}

}  // namespace

void check_expression(const std::string &expression) {
  run_perl("eval \"sub { $ENV{V2V_EDIT_EXPRESSION}\\n}\"; die $@ if $@", expression, {},
           expression);
}

std::string edited(const std::string &content, const std::string &expression,
                   const std::string &path) {
  return run_perl(
      "binmode STDIN; binmode STDOUT; $lineno = 0; $expression = $ENV{V2V_EDIT_EXPRESSION};"
      "while (<STDIN>) { $lineno++; eval $expression; die $@ if $@; print STDOUT $_ or die $!; }"
      "close STDOUT or die $!;",
      expression, content, path);
}

}  // namespace v2v::customise
