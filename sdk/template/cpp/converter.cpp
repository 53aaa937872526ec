// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A converter of a Linux distribution in C++. It converts as it is: the Linux toolkit knows the order of a
// conversion and does the work, and asks a family what differs between distributions. Begin with the
// family that yours descends from, and override what it does in another way. Converters are a draft in
// ABI 1.0: expect to rebuild.
#include <v2v/linux/linux_converter.hpp>

namespace {

// What My Distro does in another way than Debian.
class MyFamily : public v2v::linux::DebianFamily {};

class MyDistro : public v2v::linux::LinuxConverter {
 public:
  MyDistro(v2v::Host host, v2v::ConvertRequest request)
      : LinuxConverter(host, std::move(request), std::make_unique<MyFamily>()) {}

  /// 0: not mine. 50 is right for a whole family, 90 for exactly one distribution.
  static int probe(const v2v::ProbeRequest &request) {
    const auto &inspection = request.inspection;
    return inspection.type == "linux" && inspection.distro == "mydistro" ? 90 : 0;
  }

  /// Changes that the user wants besides (virt-customize's options): the toolkit's, in this family's way.
  static void check_operations(const v2v::Host &host, const v2v::CheckOperationsRequest &request) {
    check(host, MyFamily(), request);
  }
};

}  // namespace

V2V_REGISTER_CONVERTER(MyDistro,
                       v2v::PluginInfo{"mydistro", "0.1", "you", "Linux: My Distro", {}, {}})
