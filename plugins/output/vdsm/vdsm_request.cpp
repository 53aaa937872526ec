// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See vdsm_request.hpp.
#include "vdsm_request.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <regex>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::output_vdsm {
namespace {

constexpr std::size_t uuid_length = 36;

Error usage(const std::string &what, const std::string &remedy) {
  return {Code::usage, what, "-o vdsm", remedy};
}

/// virt-v2v takes any word for a UUID, and so may VDSM's tests; but it becomes the name of a file.
void check_name(const std::string &option, const std::string &value) {
  static const std::regex form("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
  if (!std::regex_match(value, form))
    throw usage(fmt::format("-oo {}: \"{}\" is no UUID", option, text::printable(value)),
                "give the UUID that VDSM has made");
}

std::string needed(const Options &options, const std::string &name) {
  const auto value = options.get(name);
  if (!value) throw usage(fmt::format("-oo {} was not specified", name), "give it");
  check_name(name, *value);
  return *value;
}

std::vector<std::string> needed_list(const Options &options, const std::string &name) {
  auto values = options.all(name);
  if (values.empty())
    throw usage(fmt::format("-oo {} was not specified", name), "give it once for each disk");
  for (const auto &value : values) check_name(name, value);
  return values;
}

std::string directory_of(const std::string &option, const std::string &path) {
  if (!text::is_xml_text(path) || text::has_control_character(path))
    throw usage(fmt::format("{}: the directory's name is not plain UTF-8 text: {}", option,
                            text::printable(path)),
                "choose another");
  std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute;
}

void read_domain(VdsmRequest &vdsm, const std::string &storage) {
  if (storage.empty())
    throw usage("-os option was not specified",
                "give the storage domain: -os /rhev/data-center/DATA-CENTER/UUID");
  vdsm.domain = directory_of("-os", storage);
  vdsm.domain_uuid = vdsm.domain.substr(vdsm.domain.rfind('/') + 1);
  if (vdsm.domain_uuid.size() != uuid_length)
    throw usage(fmt::format("-os {} does not end in the UUID of a storage domain", vdsm.domain),
                "give /rhev/data-center/DATA-CENTER/UUID");
}

}  // namespace

VdsmRequest VdsmRequest::from(const OutputRequest &request) {
  VdsmRequest vdsm;
  const Options &options = request.options;
  if (!request.connection.empty())
    throw usage("-oc option cannot be used in this output mode", "leave it out");
  vdsm.images = needed_list(options, "vdsm-image-uuid");
  vdsm.volumes = needed_list(options, "vdsm-vol-uuid");
  vdsm.machine = needed(options, "vdsm-vm-uuid");
  read_domain(vdsm, request.storage);
  vdsm.ovf_directory =
      directory_of("-oo vdsm-ovf-output", options.get("vdsm-ovf-output").value_or("."));
  if (const auto word = options.get("vdsm-ovf-flavour")) {
    const auto flavour = ovf::flavour_of(*word);
    if (!flavour)
      throw usage(fmt::format("unknown OVF flavour ‘{}’", text::printable(*word)),
                  "use ovirt or rhvexp");
    vdsm.flavour = *flavour;
  }
  const auto compat = options.get("vdsm-compat").value_or("0.10");
  if (compat != "0.10" && compat != "1.1")
    throw usage(fmt::format("unknown vdsm-compat level ‘{}’", text::printable(compat)),
                "use 0.10 or 1.1; every qcow2 disk gets 1.1");
  if (!request.format.empty()) vdsm.format = request.format;
  if (vdsm.format != "raw" && vdsm.format != "qcow2")
    throw usage("oVirt has raw and qcow2 disks only", "use -of raw or -of qcow2");
  vdsm.preallocated = request.allocation == Allocation::preallocated;
  return vdsm;
}

std::vector<Option> VdsmRequest::options() {
  return {{"vdsm-compat", OptionType::string, "Accepted; every qcow2 disk gets compat=1.1",
           "0.10|1.1", "0.10"},
          {"vdsm-vm-uuid", OptionType::string, "UUID of the machine (required)", "UUID", {}},
          {"vdsm-ovf-output", OptionType::string, "Directory for the OVF", "DIR", "."},
          {"vdsm-ovf-flavour", OptionType::string,
           "How the OVF is to be read: ovirt, or rhvexp, which is also called ovirtexp",
           "ovirt|rhvexp", "rhvexp"},
          {"vdsm-image-uuid", OptionType::list, "UUID of an image, once for each disk", "UUID", {}},
          {"vdsm-vol-uuid", OptionType::list, "UUID of a volume, once for each disk", "UUID", {}}};
}

}  // namespace v2v::output_vdsm
