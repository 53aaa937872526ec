// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A converter of Mageia, made with nothing but what v2v installs for plugin authors.
#include "mageia_family.hpp"

#include <v2v/linux/linux_converter.hpp>

namespace mageia {

class MageiaConverter : public v2v::linux::LinuxConverter {
 public:
  MageiaConverter(v2v::Host host, v2v::ConvertRequest request)
      : LinuxConverter(host, std::move(request), std::make_unique<MageiaFamily>()) {}

  static int probe(const v2v::ProbeRequest &request) {
    const auto &inspection = request.inspection;
    return inspection.type == "linux" && inspection.distro == "mageia" ? 90 : 0;
  }

  static void check_operations(const v2v::Host &host, const v2v::CheckOperationsRequest &request) {
    check(host, MageiaFamily(), request);
  }
};

}  // namespace mageia

V2V_REGISTER_CONVERTER(mageia::MageiaConverter,
                       v2v::PluginInfo{"mageia", "0.1", "you", "Mageia guests", {}, {}})
