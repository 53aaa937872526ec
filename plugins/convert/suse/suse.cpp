// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converter of SUSE Linux Enterprise and openSUSE. What it does is the toolkit's.
#include <v2v/linux/linux_converter.hpp>

namespace v2v::suse {
namespace {

class SuseConverter : public linux::LinuxConverter {
 public:
  SuseConverter(Host host, ConvertRequest request)
      : LinuxConverter(host, std::move(request), std::make_unique<linux::RpmFamily>()) {}

  static int probe(const ProbeRequest &request) {
    return score(request.inspection, linux::DistroFamily::suse, "rpm");
  }

  static void check_operations(const Host &host, const CheckOperationsRequest &request) {
    check(host, linux::RpmFamily(), request);
  }
};

}  // namespace
}  // namespace v2v::suse

V2V_REGISTER_CONVERTER(v2v::suse::SuseConverter,
                       v2v::PluginInfo{"suse",
                                       V2V_PLUGIN_VERSION,
                                       "the v2v authors",
                                       "SUSE Linux Enterprise and openSUSE guests",
                                       {}})
