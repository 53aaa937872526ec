// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a plugin answers is checked before it is used: each wrong answer is one clear error that names
// the plugin.
#include "fake_host.hpp"

#include <core/convert/plugin_instances.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

using testing::HasSubstr;

class Answers : public testing::Test {
 protected:
  const LoadedPlugin &load(const std::string &kind, const std::string &name) {
    return load_plugin(V2V_TEST_PLUGINS "/v2v-" + kind + "-" + name + ".so", memory_);
  }
  std::string refusal(const std::function<void()> &body) {
    try {
      body();
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::internal);
      EXPECT_THAT(error.object(), HasSubstr(V2V_TEST_PLUGINS));
      EXPECT_FALSE(error.remedy().empty());
      return error.failure();
    }
    ADD_FAILURE() << "nothing was refused";
    return {};
  }
  std::string refused_targets(const std::string &name) {
    OutputInstance output(load("output", name), environment_, {});
    return refusal([&] { output.prepare(one_disk()); });
  }
  static Metadata one_disk() {
    Metadata metadata;
    metadata.name = "guest";
    metadata.disks = {TargetDisk{}};
    return metadata;
  }
  GuestCaps caps_of(const std::string &name) {
    return ConverterInstance(load("convert", name), environment_, {}).caps();
  }

  test::TemporaryDirectory directory_;
  test::Memory memory_;
  Cancellation cancellation_;
  Journal journal_{directory_.path()};
  PluginEnvironment environment_{memory_, cancellation_, journal_, directory_.path(), {}};
};

TEST_F(Answers, TargetsThatAreMissingOrNotUnderstood) {
  EXPECT_THAT(refused_targets("good"), HasSubstr("one target for each disk"));
  EXPECT_THAT(refused_targets("target-mode"), HasSubstr("the mode of a target is 9"));
  EXPECT_THAT(refused_targets("target-nowhere"), HasSubstr("no place to write to"));
  EXPECT_THAT(refused_targets("unnamed-mode"), HasSubstr("its description does not name"));
  EXPECT_EQ(refused_targets("target-size"),
            "a v2v_target of 4 bytes is smaller than plugin ABI 1.0 has it");
}

TEST_F(Answers, AnErrorBelongsToTheCallThatGaveIt) {
  // It complains in open, which succeeds, and fails in prepare without a word.
  EXPECT_EQ(refused_targets("careless"), "prepare failed with status 8 and gave no reason");
}

TEST_F(Answers, CancellingNeedsNoReason) {
  OutputInstance output(load("output", "cancels"), environment_, {});
  cancellation_.request();
  try {
    output.prepare(one_disk());
    ADD_FAILURE() << "not cancelled";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::cancelled);
  }
}

TEST_F(Answers, OutputWithoutAFormat) {
  EXPECT_THAT(refusal([&] { OutputInstance(load("output", "no-format"), environment_, {}); }),
              HasSubstr("no disk format"));
}

TEST_F(Answers, OutputWithoutAMode) {
  EXPECT_THAT(refusal([&] { OutputInstance(load("output", "no-mode"), environment_, {}); }),
              HasSubstr("how its disks are written"));
}

TEST_F(Answers, GuestCapsThatAreNotUnderstood) {
  EXPECT_EQ(caps_of("good").block_bus, BlockBus::virtio_blk);
  EXPECT_THAT(refusal([&] { caps_of("caps"); }), HasSubstr("not understood"));
}

// A word, so that a converter can refuse by name what a newer host wants of it.
TEST_F(Answers, ChangesThatAConverterDoesNotKnow) {
  CheckOperationsRequest request;
  request.operations = {{"paint-green", {"/etc"}}};
  const auto check = [&](const char *name) {
    check_operations(load("convert", name), environment_, request);
  };
  EXPECT_THAT(refusal([&] { check("customise-small"); }), HasSubstr("lacks a function"));
  EXPECT_THAT(refusal([&] { check("customise-null"); }), HasSubstr("lacks a function"));
  const auto error_of = [&](const char *name) {
    try {
      check(name);
    } catch (const Error &error) {
      return error;
    }
    return Error(Code::internal, "not refused");
  };
  const auto without = error_of("good");
  EXPECT_EQ(without.code(), Code::unsupported);
  EXPECT_EQ(without.object(), "--paint-green");
  EXPECT_THAT(without.failure(), HasSubstr("'good' makes no changes"));
  EXPECT_EQ(error_of("customise").failure(), "paint-green");
}

TEST_F(Answers, CloseIsCalledOnceEvenForANullInstance) {
  caps_of("good");
  EXPECT_THAT(memory_.infos, testing::ElementsAre("closed"));
}

TEST_F(Answers, OnlyAnOutputHasAJournal) {
  try {
    caps_of("journals");
    ADD_FAILURE() << "not refused";
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::unsupported);
    EXPECT_THAT(error.failure(), HasSubstr("only an output"));
  }
  EXPECT_TRUE(Journal::read(directory_.path()).records.empty());
}

TEST_F(Answers, ASecretComesFromTheFileThatAnOptionNames) {
  const auto file = directory_ / "password";
  test::write_file(file, "open sesame\nnot this\n");
  ConvertRequest request;
  request.wishes.options.add("password-file", file.string());
  { const ConverterInstance converter(load("convert", "asks"), environment_, request); }
  EXPECT_THAT(memory_.infos, testing::ElementsAre("open sesame", "closed"));
  memory_.infos.clear();
  caps_of("asks");
  EXPECT_THAT(memory_.infos, testing::ElementsAre("closed"));
}

TEST_F(Answers, ASecretThatCannotBeReadIsAnError) {
  ConvertRequest request;
  request.wishes.options.add("password-file", (directory_ / "missing").string());
  try {
    const ConverterInstance converter(load("convert", "asks"), environment_, request);
    ADD_FAILURE() << "taken for no secret";
  } catch (const Error &error) {
    EXPECT_THAT(error.failure(), HasSubstr("cannot read the secret"));
    EXPECT_EQ(error.object(), (directory_ / "missing").string());
  }
}

TEST_F(Answers, ScoresStayWithinTheirBounds) {
  EXPECT_EQ(probe(load("convert", "good"), environment_, {}), 50);
  EXPECT_EQ(probe(load("convert", "caps"), environment_, {}), 100);
}

TEST_F(Answers, AFailingProbeIsNotTakenForABadFit) {
  EXPECT_EQ(probe(load("convert", "probe-fails"), environment_, {}), 0);
  EXPECT_THAT(memory_.warnings,
              testing::ElementsAre("v2v-convert-probe-fails.so: probe failed, which counts as 0: "
                                   "the table is gone"));
}

TEST_F(Answers, CallsAreClosedInTheJournal) {
  caps_of("good");
  EXPECT_EQ(Journal::read(directory_.path()).call, "");
}

TEST_F(Answers, PluginsOfALaterSdkThatNeedNothingNew) {
  OutputInstance output(load("output", "later-sdk"), environment_, {});
  EXPECT_EQ(output.prepare(one_disk())[0].mode, Target::Mode::discard);
  output.commit({});
  EXPECT_EQ(caps_of("later-sdk").block_bus, BlockBus::virtio_blk);
}

TEST_F(Answers, OfAPluginThatLinksEveryToolkit) {
  OutputRequest request;
  request.storage = "/";
  OutputInstance output(load("output", "all-toolkits"), environment_, request);
  EXPECT_THAT(output.description().formats, testing::ElementsAre("vpc"));
  EXPECT_EQ(output.description().destination,
            "text d41d8cd98f00b204e9800998ecf8427e process\nnbd machine acpi qemu / ovf linux");
}

}  // namespace
}  // namespace v2v::core
