// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converter of Debian, Ubuntu, Linux Mint and Kali. What it does is the toolkit's.
#include <v2v/linux/linux_converter.hpp>

namespace v2v::debian {
namespace {

class DebianConverter : public linux::LinuxConverter {
 public:
  DebianConverter(Host host, ConvertRequest request)
      : LinuxConverter(host, std::move(request), std::make_unique<linux::DebianFamily>()) {}

  static int probe(const ProbeRequest &request) {
    return score(request.inspection, linux::DistroFamily::debian, "deb");
  }

  static void check_operations(const Host &host, const CheckOperationsRequest &request) {
    check(host, linux::DebianFamily(), request);
  }
};

}  // namespace
}  // namespace v2v::debian

V2V_REGISTER_CONVERTER(v2v::debian::DebianConverter,
                       v2v::PluginInfo{"debian",
                                       V2V_PLUGIN_VERSION,
                                       "the v2v authors",
                                       "Debian, Ubuntu, Linux Mint and Kali Linux guests",
                                       {}})
