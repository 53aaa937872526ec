// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The frame of a converter in C++: it recognises its distribution, says what the guest can drive,
// and changes nothing. Fill in convert(); the Linux toolkit has the pieces (kernels, initramfs,
// bootloader, device names, network). Converters are a draft in ABI 1.0: expect to rebuild.
#include <v2v/converter.hpp>
#include <v2v/linux/guestfs_guest.hpp>

namespace {

class MyDistro : public v2v::Converter {
 public:
  MyDistro(v2v::Host host, v2v::ConvertRequest request)
      : host_(host), guest_(request.guestfs), request_(std::move(request)) {}

  /// 0: not mine. 50 is right for a whole family, 80 for exactly one distribution.
  static int probe(const v2v::ProbeRequest &request) {
    const auto &inspection = request.inspection;
    return inspection.type == "linux" && inspection.distro == "mydistro" ? 80 : 0;
  }

  v2v::GuestCaps convert() override {
    host_.debug("release: " + guest_.read_if_file("/etc/mydistro-release").value_or("unknown"));

    // What every guest can drive. Say virtio only once it is certain that the initramfs has it.
    v2v::GuestCaps caps;
    caps.arch = request_.inspection.arch;
    caps.block_bus = v2v::BlockBus::ide;
    caps.net_bus = v2v::NetBus::e1000;
    return caps;
  }

 private:
  v2v::Host host_;
  v2v::linux::GuestfsGuest guest_;
  v2v::ConvertRequest request_;
};

}  // namespace

V2V_REGISTER_CONVERTER(MyDistro,
                       v2v::PluginInfo{"mydistro", "0.1", "you", "Linux: My Distro", {}, {}})
