// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Every call of the ABI with every field filled, between a host and plugins that were built against the
// same header and against one whose structs have all grown: later-minor.cmake builds this file and the
// plugins for both, so that four pairs meet. What a side does not know disturbs nothing.
#include "every_field.hpp"
#include "fake_host.hpp"

#include <core/convert/plugin_instances.hpp>

#include <gmock/gmock.h>

#include <sstream>

namespace v2v::core {
namespace {

using test::dump;
using test::filled;
using testing::Contains;
using testing::ElementsAre;

class EveryCall : public testing::TestWithParam<const char *> {
 protected:
  std::filesystem::path file_of(const std::string &kind) const {
    return std::filesystem::path(V2V_TEST_PLUGINS) / ("v2v-" + kind + "-" + GetParam() + ".so");
  }
  const LoadedPlugin &load(const std::string &kind) { return load_plugin(file_of(kind), memory_); }

  /// What the plugin wrote down.
  std::vector<std::string> echoes() const {
    std::istringstream text(test::read_file(directory_ / "echo"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  test::TemporaryDirectory directory_;
  test::Memory memory_;
  Cancellation never_;
  Journal journal_{directory_.path()};
  PluginEnvironment environment_{memory_, never_, journal_, directory_.path(), {}};
};

TEST_P(EveryCall, OfAnInput) {
  const auto request = filled<InputRequest>();
  InputInstance input(load("input"), environment_, request);
  input.verify();
  EXPECT_EQ(dump(input.source()), dump(filled<Source>()));
  EXPECT_THAT(echoes(), ElementsAre("open: " + dump(request), "verify: "));
}

TEST_P(EveryCall, OfAConverter) {
  const auto &plugin = load("convert");
  const auto asked = filled<ProbeRequest>();
  EXPECT_EQ(probe(plugin, environment_, asked), test::echo_score(asked));
  const auto foreseen = filled<ForeseeRequest>();
  foresee(plugin, environment_, foreseen);
  const auto checked = filled<CheckOperationsRequest>();
  check_operations(plugin, environment_, checked);
  const auto request = filled<ConvertRequest>();
  ConverterInstance converter(plugin, environment_, request);
  EXPECT_EQ(dump(converter.caps()), dump(filled<GuestCaps>()));
  const auto changes = filled<CustomiseRequest>();
  converter.customise(changes);
  EXPECT_THAT(memory_.steps, ElementsAre("a step"));
  int handle = 0;
  converter.finish(reinterpret_cast<guestfs_h *>(&handle));
  EXPECT_THAT(memory_.changes, ElementsAre("a file: a line added: a reason"));
  EXPECT_THAT(echoes(), ElementsAre("foresee: " + dump(foreseen), "check: " + dump(checked),
                                    "convert: " + dump(request), "customise: " + dump(changes),
                                    "finish: a handle"));
}

TEST_P(EveryCall, OfAnOutput) {
  auto request = filled<OutputRequest>();
  test::write_file(directory_ / "password", "swordfish\n");
  request.options.add("password-file", (directory_ / "password").string());
  const auto metadata = filled<Metadata>();
  const auto take = filled<TakeRequest>();
  const auto copy = filled<CopyRequest>();
  const auto read = filled<ReadRequest>();

  OutputInstance output(load("output"), environment_, request);
  EXPECT_EQ(dump(output.description()), dump(test::echo_description()));
  output.precheck(metadata);
  const auto targets = output.prepare(metadata);
  ASSERT_EQ(targets.size(), metadata.disks.size());
  EXPECT_EQ(dump(targets.back()), dump(test::echo_targets(1).front()));
  output.take(take);
  output.copy(copy);
  output.read(read);
  output.written(7);
  try {
    output.commit(metadata);
    FAIL() << "the error of the plugin was lost";
  } catch (const Error &error) {
    EXPECT_STREQ(error.what(), test::echo_error().what());
    EXPECT_EQ(error.code(), test::echo_error().code());
  }
  const auto records = Journal::read(directory_.path()).records;
  ASSERT_EQ(records.size(), 1u);
  abort_output(file_of("output"), {"a record", "another"}, environment_);

  EXPECT_THAT(memory_.infos, Contains("an info"));
  EXPECT_THAT(memory_.warnings, Contains("a warning"));
  EXPECT_THAT(echoes(),
              ElementsAre("open: " + dump(request), "precheck: " + dump(metadata),
                          "prepare: " + dump(metadata), "secret: swordfish", "cancelled: no",
                          "extension: none", "take: " + dump(take), "copy: " + dump(copy),
                          "read: " + dump(read), "written: 7", "commit: " + dump(metadata),
                          "abort: a record", "abort: another"));
}

INSTANTIATE_TEST_SUITE_P(With, EveryCall, testing::Values("echo", "echo-later"),
                         [](const auto &one) {
                           return one.param == std::string("echo") ? "PluginsOfToday"
                                                                   : "PluginsOfLater";
                         });

}  // namespace
}  // namespace v2v::core
