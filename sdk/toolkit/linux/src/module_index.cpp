// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See module_index.hpp.
#include "module_index.hpp"

#include "modules_dep.hpp"

#include <v2v/error.hpp>
#include <v2v/process/process.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace v2v::linux {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds time_limit{120};

class PrivateDirectory {
 public:
  explicit PrivateDirectory(const std::string &parent) {
    auto name = parent + "/modules-XXXXXX";
    if (!::mkdtemp(name.data()))
      throw Error(Code::io, "cannot make a directory", parent,
                  "see whether its file system is full");
    path_ = name;
  }
  ~PrivateDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PrivateDirectory(const PrivateDirectory &) = delete;
  PrivateDirectory &operator=(const PrivateDirectory &) = delete;
  const fs::path &path() const { return path_; }

 private:
  fs::path path_;
};

void write_file(const fs::path &path, std::string_view content) {
  std::error_code in_the_way;  // shows when the file cannot be opened
  fs::create_directories(path.parent_path(), in_the_way);
  std::ofstream file(path, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file)
    throw Error(Code::io, "cannot write the file", path.string(),
                "see whether its file system is full");
}

/// Gives a directory with all in it to nobody.
/// @return false where that cannot be: for an ordinary user, and in a container that knows one user
bool give_to_nobody(const fs::path &directory) {
  if (::geteuid() != 0 || ::lchown(directory.c_str(), process::nobody, process::nobody) != 0)
    return false;
  for (const auto &entry : fs::recursive_directory_iterator(directory))
    if (::lchown(entry.path().c_str(), process::nobody, process::nobody) != 0)
      throw Error(Code::io, fmt::format("cannot give it to nobody: {}", std::strerror(errno)),
                  entry.path().string());
  return true;
}

std::string read_file(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::map<std::string, std::string> make_module_index(const ModuleFiles &modules,
                                                     const std::string &version,
                                                     const std::string &run_directory) {
  // depmod takes it for a kernel version only if it begins with a number; never for an option.
  if (!is_plain_relative(version) || version.find('/') != std::string::npos ||
      version.front() < '0' || version.front() > '9')
    throw Error(Code::unsupported, "not a kernel version that depmod knows", version);
  const PrivateDirectory base(run_directory);
  const auto directory = base.path() / "usr/lib/modules" / version;
  fs::create_directories(directory);
  // depmod looks below /lib or below /usr/lib, as it was built.
  fs::create_directory_symlink("usr/lib", base.path() / "lib");
  for (const auto &[path, content] : modules) {
    if (!is_plain_relative(path))
      throw Error(Code::corrupt, "impossible name of a kernel module", path);
    write_file(directory / path, content);
  }
  const process::FileDescriptor working(
      ::open(base.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!working)
    throw Error(Code::io, fmt::format("cannot open the directory: {}", std::strerror(errno)),
                base.path().string());
  // Handed over open, because nobody's rights would not lead it there.
  process::Command depmod{{"depmod", "-b", "/proc/self/fd/3", version}};
  depmod.descriptors = {working.get()};
  depmod.timeout = time_limit;
  depmod.bounds = process::Bounds{};
  depmod.bounds->as_nobody = give_to_nobody(base.path());
  depmod.package = "kmod";
  depmod.run_checked("cannot make an index of the kernel modules", version);
  std::map<std::string, std::string> index;
  for (const auto &entry : fs::directory_iterator(directory)) {
    const auto name = entry.path().filename().string();
    const bool made =
        name.rfind("modules.", 0) == 0 && entry.is_regular_file() && !entry.is_symlink();
    if (!made || modules.count(name)) continue;
    auto content = read_file(entry.path());
    // The kernel does not shorten a file that it replaces with an empty one.
    if (!content.empty()) index.emplace(name, std::move(content));
  }
  return index;
}

}  // namespace v2v::linux
