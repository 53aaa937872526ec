// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a VMX: either an Error or a guest whose texts are UTF-8 of one line, with its disks
// where the guest's directory is.
#include <guest.hpp>
#include <remote_disk.hpp>
#include <v2v/text/printable.hpp>

#include <cstdlib>
#include <string_view>

namespace {

using namespace v2v;
using namespace v2v::input_vmx;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_guest(const Guest &guest) {
  const auto &source = guest.source;
  require(!source.name.empty() && text::is_utf8(source.name));
  for (const unsigned char c : source.name) require(c >= 0x20 && c != 0x7f);
  require(source.memory >= 1 << 20 && source.vcpus >= 1);
  require(source.cpu_sockets * source.cpu_cores <= source.vcpus);
  require(source.genid.empty() || source.genid.size() == 36);
  for (const auto &nic : source.nics) {
    require(nic.mac.empty() || nic.mac.size() == 17);
    require(text::is_utf8(nic.network) && text::is_utf8(nic.model));
  }
  for (const auto &disk : guest.disks) {
    require(!disk.file.empty() && text::is_utf8(disk.file));
    try {
      const auto path = remote_path(disk.file, "/vm/guest", "/vm/guest", false, "guest.vmx");
      require(path.compare(0, 9, "/vm/guest") == 0);
    } catch (const Error &) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const Warn warn = [](const std::string &what) { require(text::is_utf8(what)); };
  try {
    check_guest(read_guest(parse_vmx(bytes, "guest.vmx", warn), "guest.vmx", warn));
  } catch (const Error &error) {
    require(!error.failure().empty());
  }
  return 0;
}
