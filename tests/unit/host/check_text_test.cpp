// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a check has found, as people and programs get it. The shape of the JSON is documented: readers rely on it.
#include <host/check_text.hpp>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace v2v::host {
namespace {

using core::Part;
using core::Severity;

core::CheckResult some_findings() {
  return {"web",
          {{Severity::error, Part::target, Code::exists, "the file exists already", "/x/web.xml",
            "remove it"},
           {Severity::error, Part::source, Code::io, "cannot be read\nreally", "", ""},
           {Severity::warning, Part::converter, {}, "no drivers \x1b[2J", "", ""},
           {Severity::note, Part::guest, {}, "boots with BIOS", "web", ""}}};
}

TEST(CheckText, HasALineForEachFindingAndOneForAll) {
  EXPECT_EQ(check_text(some_findings()),
            "error: target: /x/web.xml: the file exists already\n"
            "  hint: remove it\n"
            "error: source: cannot be read\\x0areally\n"
            "warning: converter: no drivers \\x1b[2J\n"
            "note: guest: web: boots with BIOS\n"
            "The conversion would not start: 2 errors, 1 warning.\n");
  EXPECT_EQ(check_text({"web", {}}), "The conversion would start: 0 errors, 0 warnings.\n");
}

TEST(CheckJson, HasTheShapeThatIsDocumented) {
  EXPECT_EQ(check_json(some_findings()), R"({
  "program": "v2v check",
  "version": ")" V2V_VERSION R"(",
  "guest": "web",
  "starts": false,
  "findings": [
    {
      "severity": "error",
      "part": "target",
      "code": "exists",
      "what": "the file exists already",
      "where": "/x/web.xml",
      "remedy": "remove it"
    },
    {
      "severity": "error",
      "part": "source",
      "code": "io",
      "what": "cannot be read\\x0areally"
    },
    {
      "severity": "warning",
      "part": "converter",
      "what": "no drivers \\x1b[2J"
    },
    {
      "severity": "note",
      "part": "guest",
      "what": "boots with BIOS",
      "where": "web"
    }
  ]
}
)");
  EXPECT_TRUE(nlohmann::json::parse(check_json({"", {}})).at("starts").get<bool>());
}

}  // namespace
}  // namespace v2v::host
