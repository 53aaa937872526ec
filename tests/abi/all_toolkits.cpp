// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A plugin that links every toolkit, whole, so that two things of one name would be found, and uses
// something of each.
#include <v2v/digest/digest.hpp>
#include <v2v/images/image.hpp>
#include <v2v/libvirt/domain_xml.hpp>
#include <v2v/libvirt_client/uri.hpp>
#include <v2v/linux/devices.hpp>
#include <v2v/linux/guest_caps.hpp>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/nbd/nbd_uri.hpp>
#include <v2v/output.hpp>
#include <v2v/ovf/document.hpp>
#include <v2v/process/process.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/xml/xml.hpp>

namespace {

using namespace v2v;

class AllToolkits : public Output {
 public:
  AllToolkits(Host, const OutputRequest &request) : request_(request) {}
  OutputDescription describe() override {
    OutputDescription description;
    description.formats = {images::canonical_format("VHD")};
    description.modes = mode_bit(Target::Mode::discard);
    description.destination =
        text::lower("TEXT ") + digest::Digest(digest::Algorithm::md5).finish() + " " +
        process::Command{{"echo", "process"}}.run().out + nbd::parse_nbd_uri("nbd://nbd/").host +
        (machine::is_x86("x86_64") ? " machine " : "") +
        libvirt::TargetFeatures::of_arch("x86_64").features.front() + " " +
        libvirt_client::parse_uri("qemu:///system").driver + " " +
        local_disks::LocalRequest::from("-o test", request_).directory + " " +
        (ovf::flavour_of("rhvexp") ? "ovf " : "") +
        (linux::distro_family("ubuntu") == linux::DistroFamily::debian ? "linux" : "");
    xml::check("a test", description.destination);
    return description;
  }
  std::vector<Target> prepare(const Metadata &) override { return {}; }
  void commit(const Metadata &) override {}
  static void abort(const Host &, const std::vector<std::string> &records) {
    local_disks::Staging::abort(records);
  }

 private:
  OutputRequest request_;
};

}  // namespace

V2V_REGISTER_OUTPUT(AllToolkits, {"all-toolkits", "1", "the v2v authors", "every toolkit", {}})
