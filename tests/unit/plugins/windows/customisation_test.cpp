// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which changes of a Windows are refused, by name and before anything is done.
#include "../../refusal.hpp"

#include <customisation.hpp>

namespace v2v::convert_windows {
namespace {

Inspection windows(const char *arch = "x86_64") {
  Inspection inspection;
  inspection.type = "windows";
  inspection.arch = arch;
  return inspection;
}

TEST(Customisation, WhatWindowsHasIsTaken) {
  for (const Operation &operation :
       {Operation{"write", {"/a", "b"}}, Operation{"upload", {"/a", "/b"}},
        Operation{"hostname", {"WEB-01"}}, Operation{"firstboot-command", {"net user a b /add"}},
        Operation{"firstboot", {"/x/a.bat"}}, Operation{"firstboot", {"/x/a.PS1"}},
        Operation{"firstboot", {"/x/a"}}, Operation{"delete", {"/Temp/*"}}})
    check_operation(operation, windows());
}

TEST(Customisation, WhatItDoesNotHaveIsRefusedByName) {
  for (const char *kind :
       {"run", "run-command", "install", "uninstall", "update", "firstboot-install", "password",
        "ssh-inject", "timezone", "chmod", "chown", "link"}) {
    const auto error = test::error_of([&] { check_operation({kind, {"a", "b", "c"}}, windows()); });
    EXPECT_EQ(error.code(), Code::unsupported) << kind;
    EXPECT_EQ(error.object(), std::string("--") + kind);
    EXPECT_NE(error.remedy(), "") << kind;
  }
}

TEST(Customisation, NamesAndScriptsThatWindowsDoesNotTake) {
  const auto refused = [](const Operation &operation, const Inspection &inspection) {
    return test::error_of([&] { check_operation(operation, inspection); }).object();
  };
  EXPECT_EQ(refused({"hostname", {"web01.example.com"}}, windows()),
            "--hostname web01.example.com");
  EXPECT_EQ(refused({"firstboot", {"/x/a.sh"}}, windows()), "--firstboot");
  EXPECT_EQ(refused({"firstboot-command", {"a"}}, windows("aarch64")), "--firstboot-command");
  check_operation({"write", {"/a", "b"}}, windows("aarch64"));
}

}  // namespace
}  // namespace v2v::convert_windows
