// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a VMDK, and what follows a separator as an extent that it may name, in a directory
// with a few other files: either an Error or a location that leads nowhere but into that directory
// and the staging directory.
#include <v2v/images/vmdk_chain.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace {

namespace fs = std::filesystem;
using namespace v2v;

void require(bool holds) {
  if (!holds) std::abort();
}

void write(const fs::path &path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// A directory in memory with a base disk, made once.
struct Playground {
  fs::path root, guest, staging;

  Playground() {
    std::string name = "/dev/shm/v2v-fuzz-XXXXXX";
    require(::mkdtemp(name.data()) != nullptr);
    root = name;
    guest = root / "guest";
    staging = root / "staging";
    fs::create_directory(guest);
    write(guest / "base-flat.vmdk", std::string(4096, 'b'));
    write(guest / "base.vmdk",
          "# Disk DescriptorFile\nCID=00000001\nparentCID=ffffffff\ncreateType=\"vmfs\"\n"
          "RW 8 VMFS \"base-flat.vmdk\"\n");
    fs::create_symlink("/etc/passwd", guest / "link.vmdk");
  }
  ~Playground() { fs::remove_all(root); }
};

bool below(const fs::path &path, const fs::path &directory) {
  const auto text = path.string(), start = directory.string() + "/";
  return text.compare(0, start.size(), start) == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  static const Playground playground;
  constexpr std::string_view separator = "\n==\n";
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const auto cut = std::min(bytes.find(separator), size);
  const auto disk = playground.guest / "d.vmdk";
  write(disk, bytes.substr(0, cut));
  write(playground.guest / "part.vmdk", bytes.substr(std::min(cut + separator.size(), size)));
  try {
    const images::Confinement confinement(playground.guest, false);
    const auto chain = images::read_vmdk_chain(disk.string(), confinement);
    require(!chain.layers.empty());
    for (const auto &layer : chain.layers) {
      require(!layer.pieces.empty() && below(layer.path, playground.guest));
      for (const auto &piece : layer.pieces)
        require(piece.path.empty() || below(piece.path, playground.guest));
    }
    const auto location = images::vmdk_location(chain, playground.staging);
    const auto &home = location.references ? playground.staging : playground.guest;
    require(below(location.path, home));
  } catch (const Error &error) {
    require(!error.failure().empty());
  }
  fs::remove_all(playground.staging);
  return 0;
}
