// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Directories of appliances that are gone, and of one that lives, in a directory of the test's own.
#include <core/run/file_descriptor.hpp>
#include <core/run/leftovers.hpp>

#include "../temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

/// Makes a socket as libguestfs has it. It stays bound as long as the descriptor is open.
FileDescriptor bind_socket(const fs::path &path) {
  FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(fd.get(), 1), 0);
  return fd;
}

TEST(Leftovers, OnlyDirectoriesWithDeadSocketsGo) {
  const test::TemporaryDirectory runtime;
  for (const char *name : {"libguestfsDEAD", "libguestfsLIVE", "libguestfsNEW", "other"})
    fs::create_directory(runtime / name);
  bind_socket(runtime / "libguestfsDEAD/sock");
  bind_socket(runtime / "other/sock");
  const auto alive = bind_socket(runtime / "libguestfsLIVE/sock");
  ::setenv("XDG_RUNTIME_DIR", runtime.path().c_str(), 1);
  remove_appliance_leftovers();
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_FALSE(fs::exists(runtime / "libguestfsDEAD"));
  EXPECT_TRUE(fs::exists(runtime / "libguestfsLIVE"));
  EXPECT_TRUE(fs::exists(runtime / "libguestfsNEW"));
  EXPECT_TRUE(fs::exists(runtime / "other"));
}

}  // namespace
}  // namespace v2v::core
