// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converter of Red Hat Enterprise Linux, Fedora, and what is made from them, and of ALT, which has rpm
// as well. What it does is the toolkit's.
#include <v2v/linux/linux_converter.hpp>

#include <algorithm>

namespace v2v::rhel {
namespace {

class RhelConverter : public linux::LinuxConverter {
 public:
  RhelConverter(Host host, ConvertRequest request)
      : LinuxConverter(host, std::move(request), std::make_unique<linux::RpmFamily>()) {}

  static int probe(const ProbeRequest &request) {
    return std::max(score(request.inspection, linux::DistroFamily::redhat, "rpm"),
                    score(request.inspection, linux::DistroFamily::alt, "rpm"));
  }

  static void check_operations(const Host &host, const CheckOperationsRequest &request) {
    check(host, linux::RpmFamily(), request);
  }
};

}  // namespace
}  // namespace v2v::rhel

V2V_REGISTER_CONVERTER(
    v2v::rhel::RhelConverter,
    v2v::PluginInfo{
        "rhel",
        V2V_PLUGIN_VERSION,
        "the v2v authors",
        "RHEL, CentOS, Fedora, Oracle Linux, Rocky Linux and other guests of Red Hat's family, ALT",
        {}})
