// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Nobody but root and the caller may be able to change what is loaded, on whichever way it is
// reached.
#include "fake_host.hpp"

#include <core/plugin/vet.hpp>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Vet : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(inner_);
    ::chmod((root_ / "outer").c_str(), 0755);
    ::chmod(inner_.c_str(), 0755);
    test::write_file(file_, "x");
    ::chmod(file_.c_str(), 0644);
  }
  static std::string refusal(const fs::path &file, uid_t caller = ::geteuid()) {
    try {
      vet(file, caller);
    } catch (const Error &error) {
      return error.what();
    }
    ADD_FAILURE() << file << " was not refused";
    return "";
  }

  test::TemporaryDirectory root_;
  const fs::path inner_ = root_ / "outer" / "inner";
  const fs::path file_ = inner_ / "file";
};

TEST_F(Vet, AcceptsOwnFilesBelowAStickyDirectory) {
  EXPECT_EQ(vet(file_), file_);
  ::chmod((root_ / "outer").c_str(), 01777);
  EXPECT_EQ(vet(file_), file_);
}

TEST_F(Vet, RefusesAWritableDirectoryHighUp) {
  const fs::path outer = root_ / "outer";
  ::chmod(outer.c_str(), 0775);
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr("the directory " + outer.string() +
                                              " is writable "
                                              "by its group (mode 0775)"),
                                    HasSubstr("chmod go-w " + outer.string())));
}

TEST_F(Vet, StickyBitDoesNotExcuseAWritableFile) {
  ::chmod(inner_.c_str(), 01777);
  ::chmod(file_.c_str(), 0666);
  EXPECT_THAT(refusal(file_),
              HasSubstr("the file " + file_.string() + " is writable by everybody"));
}

TEST_F(Vet, FollowsLinksAndVetsBothWays) {
  const fs::path safe = root_ / "safe";
  fs::create_directory(safe);
  fs::create_symlink("../outer/inner", safe / "directory");
  fs::create_symlink(file_, safe / "link");
  EXPECT_EQ(vet(safe / "link"), file_);
  EXPECT_EQ(vet(safe / "directory" / "file"), file_);

  ::chmod(inner_.c_str(), 0777);
  EXPECT_THAT(refusal(safe / "link"), HasSubstr(inner_.string() + " is writable by everybody"));
  EXPECT_THAT(refusal(safe / "directory" / "file"), HasSubstr(inner_.string()));

  ::chmod(inner_.c_str(), 0755);
  ::chmod(safe.c_str(), 0777);
  EXPECT_THAT(refusal(safe / "link"), HasSubstr(safe.string() + " is writable by everybody"));
}

TEST_F(Vet, RefusesWhatBelongsToSomebodyElse) {
  if (::geteuid() != 0) {
    // Then all of it belongs to somebody else from the point of view of another user.
    EXPECT_THAT(refusal(file_, ::geteuid() + 1), HasSubstr("neither to root nor to you"));
    return;
  }
  constexpr uid_t somebody = 12345;
  ASSERT_EQ(::chown(inner_.c_str(), somebody, 0), 0);
  EXPECT_THAT(refusal(file_), AllOf(HasSubstr(inner_.string() + " belongs to user 12345"),
                                    HasSubstr("chown -h root " + inner_.string())));
  EXPECT_EQ(vet(file_, somebody), file_);
  ASSERT_EQ(::chown(inner_.c_str(), 0, 0), 0);

  fs::create_symlink(file_, root_ / "link");
  ASSERT_EQ(::lchown((root_ / "link").c_str(), somebody, 0), 0);
  EXPECT_THAT(refusal(root_ / "link"), HasSubstr("link belongs to user 12345"));
}

TEST_F(Vet, RefusesWhatIsNoRegularFile) {
  EXPECT_THAT(refusal(inner_), HasSubstr("is a directory"));
  EXPECT_THAT(refusal("/dev/null"), HasSubstr("is not a regular file"));
  EXPECT_THAT(refusal(file_ / "below"), HasSubstr("Not a directory"));
}

TEST_F(Vet, EndsOnALoop) {
  fs::create_symlink("loop", root_ / "loop");
  EXPECT_THAT(refusal(root_ / "loop"), HasSubstr("Too many levels of symbolic links"));
}

}  // namespace
}  // namespace v2v::core
