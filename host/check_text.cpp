// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "check_text.hpp"

#include "machine.hpp"
#include "text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace v2v::host {
namespace {

using core::CheckResult;
using core::Finding;
using core::Part;
using core::Severity;
using Json = nlohmann::ordered_json;

std::string safe(const std::string &text) {
  return printable(text, false);
}

const char *word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

const char *word(Part part) {
  switch (part) {
    case Part::source:
      return "source";
    case Part::guest:
      return "guest";
    case Part::converter:
      return "converter";
    case Part::target:
      return "target";
    case Part::host:
      break;
  }
  return "host";
}

std::string number_of(const CheckResult &result, Severity severity) {
  const auto number =
      std::count_if(result.findings.begin(), result.findings.end(),
                    [=](const Finding &finding) { return finding.severity == severity; });
  return fmt::format("{} {}{}", number, word(severity), number == 1 ? "" : "s");
}

}  // namespace

std::string check_text(const CheckResult &result) {
  std::string text;
  for (const Finding &finding : result.findings) {
    const std::string where = finding.where.empty() ? "" : safe(finding.where) + ": ";
    text += fmt::format("{}: {}: {}{}\n", word(finding.severity), word(finding.part), where,
                        safe(finding.what));
    if (!finding.remedy.empty()) text += fmt::format("  hint: {}\n", safe(finding.remedy));
  }
  return text + fmt::format("The conversion would {}start: {}, {}.\n",
                            result.starts() ? "" : "not ", number_of(result, Severity::error),
                            number_of(result, Severity::warning));
}

std::string check_json(const CheckResult &result) {
  Json findings = Json::array();
  for (const Finding &finding : result.findings) {
    Json one = {{"severity", word(finding.severity)}, {"part", word(finding.part)}};
    if (finding.code) one["code"] = code_word(*finding.code);
    one["what"] = safe(finding.what);
    if (!finding.where.empty()) one["where"] = safe(finding.where);
    if (!finding.remedy.empty()) one["remedy"] = safe(finding.remedy);
    findings.push_back(std::move(one));
  }
  const Json whole = {{"program", "v2v check"},
                      {"version", V2V_VERSION},
                      {"guest", safe(result.guest)},
                      {"starts", result.starts()},
                      {"findings", std::move(findings)}};
  return whole.dump(2) + "\n";
}

}  // namespace v2v::host
