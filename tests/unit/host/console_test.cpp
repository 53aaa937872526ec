// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The forms of messages, virt-v2v's to the letter.
#include <host/console.hpp>

#include <v2v/error.hpp>

#include <gmock/gmock.h>

#include <sstream>
#include <thread>
#include <vector>

namespace v2v::host {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Console : public testing::Test {
 protected:
  ConsoleReporter &reporter() {
    if (!reporter_) {
      options_.out = &out_;
      options_.error = &error_;
      options_.clock = [this] { return now_; };
      options_.width = [this] { return width_; };
      reporter_.emplace(options_);
    }
    return *reporter_;
  }
  void terminal() { options_.out_terminal = options_.error_terminal = true; }
  std::string out() const { return out_.str(); }
  std::string error() const { return error_.str(); }

  ConsoleOptions options_;
  Seconds now_{0};
  unsigned width_ = 80;

 private:
  std::ostringstream out_, error_;
  std::optional<ConsoleReporter> reporter_;
};

TEST_F(Console, StepsHaveTheTimeBeforeThem) {
  reporter().step("Opening the source");
  now_ = Seconds(12.345);
  reporter().step("Inspecting the source");
  now_ = Seconds(123456.7);
  reporter().step("Finishing off");
  EXPECT_EQ(out(),
            "[   0.0] Opening the source\n"
            "[  12.3] Inspecting the source\n"
            "[123456.7] Finishing off\n");
  EXPECT_EQ(error(), "");
}

TEST_F(Console, InfoAndWarningsAreOnStandardOutput) {
  reporter().info("virtio is there");
  reporter().warning("look here");
  EXPECT_EQ(out(), "v2v: virtio is there\nv2v: warning: look here\n");
}

TEST_F(Console, NotesAreInfo) {
  reporter().note("virtio is there");
  EXPECT_EQ(out(), "v2v: virtio is there\n");
}

TEST_F(Console, QuietSilencesStepsNotesAndProgressOnly) {
  options_.quiet = true;
  reporter().step("a");
  reporter().note("virtio is there");
  reporter().progress({"copy", 1, 1, 10, 10});
  reporter().info("i");
  reporter().warning("b");
  reporter().error(Error(Code::io, "c"));
  EXPECT_EQ(out(), "v2v: i\nv2v: warning: b\n");
  EXPECT_EQ(error(), "v2v: error: c\n");
}

TEST_F(Console, ErrorsHaveThreeParts) {
  reporter().error(Error(Code::not_found, "no such file", "a.img", "check the name"));
  EXPECT_EQ(error(), "v2v: error: a.img: no such file\n  hint: check the name\n");
  EXPECT_EQ(out(), "");
}

TEST_F(Console, ErrorsWithoutObjectAndRemedy) {
  reporter().error(Error(Code::usage, "unknown -oa option: foo"));
  EXPECT_EQ(error(), "v2v: error: unknown -oa option: foo\n");
}

TEST_F(Console, DefectsAskToBeReported) {
  reporter().error(Error(Code::internal, "this cannot be"));
  EXPECT_THAT(error(), HasSubstr("  hint: this looks like a defect"));
}

TEST_F(Console, DebugOnlyWhenVerbose) {
  reporter().debug("x");
  EXPECT_EQ(error(), "");
}

TEST_F(Console, EveryLineOfDebugSaysWhatItIs) {
  options_.verbose = true;
  reporter().debug("source:\n  disk 0");
  EXPECT_EQ(error(), "v2v: debug: source:\nv2v: debug:   disk 0\n");
}

TEST_F(Console, ShowsChangesOfTheGuestToWhoWantsToKnow) {
  options_.verbose = true;
  reporter().change({"/etc/fstab", "sda → vda", "a new name"});
  EXPECT_EQ(error(), "v2v: debug: changed /etc/fstab: sda → vda (a new name)\n");
  EXPECT_EQ(out(), "");
}

TEST_F(Console, NamesCannotControlTheTerminal) {
  terminal();
  reporter().warning("guest \x1b]0;x\x07 name");
  EXPECT_THAT(out(), HasSubstr("guest \\x1b]0;x\\x07 name"));
}

TEST_F(Console, ColoursOnRequest) {
  options_.colours = true;
  reporter().step("a");
  reporter().warning("b");
  reporter().info("c");
  reporter().error(Error(Code::io, "d"));
  EXPECT_EQ(out(),
            "[   0.0] \033[0;32ma\033[0m\n"
            "\033[1;34mv2v: warning: b\033[0m\n"
            "\033[1;35mv2v: c\033[0m\n");
  EXPECT_EQ(error(), "\033[1;31mv2v: error: d\033[0m\n");
}

TEST_F(Console, ColoursOnATerminal) {
  terminal();
  reporter().step("a");
  EXPECT_EQ(out(), "[   0.0] \033[0;32ma\033[0m\n");
}

TEST_F(Console, LongMessagesAreWrappedOnRequest) {
  options_.wrap = true;
  const std::string word(30, 'a');
  reporter().step(word + " " + word + " " + word);
  reporter().warning(word + " " + word + " " + word);
  EXPECT_EQ(out(), "[   0.0] " + word + " " + word + "\n         " + word + "\n" +
                       "v2v: warning: " + word + " " + word + "\n" + word + "\n");
}

TEST_F(Console, NothingIsWrappedInALog) {
  const std::string text = std::string(60, 'a') + " " + std::string(60, 'b');
  reporter().step(text);
  EXPECT_EQ(out(), "[   0.0] " + text + "\n");
}

// ---- Progress ---------------------------------------------------------------------------------

constexpr std::uint64_t mib = 1 << 20;

TEST_F(Console, ALogGetsALineEveryTenPercent) {
  for (unsigned percent = 0; percent <= 100; ++percent) {
    now_ = Seconds(percent * 0.1);
    reporter().progress({"copy", 1, 1, percent * mib, 100 * mib});
  }
  reporter().progress({"copy", 1, 1, 100 * mib, 100 * mib});  // said twice by the engine
  const std::string text = out();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, HasSubstr("         copy  10%: 10 MiB of 100 MiB, 10 MiB/s, 0:09 left\n"));
  EXPECT_THAT(text, EndsWith("         copy 100%: 100 MiB of 100 MiB, 10 MiB/s\n"));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
}

TEST_F(Console, ALogGetsALineAfterALongTime) {
  reporter().progress({"copy", 1, 1, 0, 1000 * mib});
  now_ = Seconds(31);
  reporter().progress({"copy", 1, 1, mib, 1000 * mib});
  EXPECT_THAT(out(), HasSubstr("copy   0%"));
}

TEST_F(Console, ATerminalGetsABarThatIsDrawnAnew) {
  terminal();
  reporter().progress({"copy", 1, 1, 0, 100 * mib});
  now_ = Seconds(0.05);
  reporter().progress({"copy", 1, 1, 10 * mib, 100 * mib});  // too soon
  now_ = Seconds(1);
  reporter().progress({"copy", 1, 1, 50 * mib, 100 * mib});
  EXPECT_THAT(out(), Not(HasSubstr(" 10%")));
  EXPECT_THAT(out(), HasSubstr("\r\033[Kcopy  50% ["));
  EXPECT_THAT(out(), Not(HasSubstr("\n")));
  reporter().progress({"copy", 1, 1, 100 * mib, 100 * mib});
  EXPECT_THAT(out(), HasSubstr("copy 100% ["));
  EXPECT_THAT(out(), EndsWith("\n"));
}

TEST_F(Console, TheBarNeverFillsTheLine) {
  terminal();
  width_ = 70;
  reporter().progress({"copy", 1, 1, 50 * mib, 100 * mib});
  EXPECT_LE(out().size(), std::string("\r\033[K").size() + 69);
}

TEST_F(Console, AMessageErasesTheBar) {
  terminal();
  reporter().progress({"copy", 1, 1, 10 * mib, 100 * mib});
  reporter().warning("careful");
  EXPECT_THAT(out(), EndsWith("\r\033[K\033[1;34mv2v: warning: careful\033[0m\n"));
  reporter().progress({"copy", 1, 1, 11 * mib, 100 * mib});
  EXPECT_THAT(out(), HasSubstr("copy  11%"));
}

TEST_F(Console, ProgressCanBeLeftToTheOtherStream) {
  options_.show_progress = false;
  reporter().progress({"copy", 1, 1, 10 * mib, 10 * mib});
  EXPECT_EQ(out(), "");
}

TEST_F(Console, LinesOfSeveralThreadsStayWhole) {
  ConsoleReporter &shared = reporter();
  std::vector<std::thread> threads;
  for (unsigned disk = 1; disk <= 4; ++disk)
    threads.emplace_back([&shared, disk] {
      for (unsigned i = 0; i < 200; ++i) {
        shared.progress({"copy", disk, 4, i, 200});
        shared.info(std::string(40, 'x'));
      }
    });
  for (auto &thread : threads) thread.join();
  std::istringstream lines(out());
  unsigned infos = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool info = line == "v2v: " + std::string(40, 'x');
    EXPECT_TRUE(info || line.starts_with("         copy of 4 disks")) << line;
    infos += info;
  }
  EXPECT_EQ(infos, 800u);
}

}  // namespace
}  // namespace v2v::host
