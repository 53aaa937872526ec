// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is found out by a check is collected once, in the order of its weight.
#include "collecting_reporter.hpp"

#include <core/convert/finding_collector.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

using testing::ElementsAre;

class Findings : public testing::Test {
 protected:
  test::CollectingReporter others_;
  FindingCollector collector_{others_};

  std::vector<std::string> words() const {
    std::vector<std::string> words;
    for (const auto &finding : collector_.findings()) words.push_back(finding.what);
    return words;
  }
};

TEST_F(Findings, ComeInTheOrderOfTheirWeight) {
  collector_.look_at(Part::source);
  collector_.add_note("can be read", "a.img");
  collector_.warning("look here");
  collector_.look_at(Part::target);
  collector_.add(Error(Code::exists, "is there already", "web", "choose another"));
  collector_.warning("and there");
  EXPECT_THAT(words(), ElementsAre("is there already", "look here", "and there", "can be read"));
  const auto first = collector_.findings().front();
  EXPECT_EQ(first.severity, Severity::error);
  EXPECT_EQ(first.part, Part::target);
  EXPECT_EQ(first.code, Code::exists);
  EXPECT_EQ(first.where, "web");
  EXPECT_EQ(first.remedy, "choose another");
  EXPECT_EQ(collector_.findings().back().part, Part::source);
}

TEST_F(Findings, AreToldOnce) {
  for (int i = 0; i < 2; ++i) {
    collector_.warning("no network of this name");
    collector_.add(Error(Code::io, "not reached", "server a"));
  }
  collector_.add(Error(Code::io, "not reached", "server b"));
  EXPECT_THAT(words(), ElementsAre("not reached", "not reached", "no network of this name"));
}

TEST_F(Findings, OfPluginsAndTheEngineGoToNobodyElse) {
  collector_.step("Opening the source");
  collector_.debug("details");
  collector_.info("what is told");
  collector_.warning("look here");
  collector_.error(Error(Code::io, "broken"));
  EXPECT_THAT(others_.lines(), ElementsAre("step: Opening the source", "debug: details"));
  EXPECT_THAT(words(), ElementsAre("broken", "look here", "what is told"));
}

TEST_F(Findings, OnlyAnErrorKeepsAConversionFromStarting) {
  collector_.warning("look here");
  EXPECT_TRUE((CheckResult{"web", collector_.findings()}).starts());
  collector_.add(Error(Code::io, "broken"));
  EXPECT_FALSE((CheckResult{"web", collector_.findings()}).starts());
  EXPECT_TRUE(CheckResult().starts());
}

}  // namespace
}  // namespace v2v::core
