// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o glance: each disk becomes an image in OpenStack's Glance, with the new machine as its
// properties. A raw disk is read from the host's server and sent as it is read; a qcow2 is made on
// this machine first. Until commit the images are hidden, where Glance can do that.
#include <v2v/nbd/nbd_stream.hpp>
#include <v2v/openstack/image_properties.hpp>
#include <v2v/output.hpp>
#include <v2v/text/human_size.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <mutex>

#include "image_record.hpp"
#include "image_upload.hpp"

namespace {

using namespace v2v;
using namespace v2v::output_glance;

constexpr std::size_t longest_name = 255;  // Image API v2

void refuse(bool given, const std::string &option) {
  if (given)
    throw Error(Code::usage, option + " option cannot be used in this output mode", "-o glance",
                "leave it out");
}

class GlanceOutput : public Output {
 public:
  GlanceOutput(Host host, const OutputRequest &request)
      : host_(host),
        session_(openstack::Settings::from(openstack::process_environment()),
                 http::Hooks::of(host)),
        api_(session_) {
    refuse(!request.connection.empty(), "-oc");
    refuse(!request.storage.empty(), "-os");
    if (request.allocation == Allocation::preallocated)
      host_.warning("-oa preallocated: Glance's store decides how an image is allocated");
  }

  OutputDescription describe() override {
    OutputDescription description;
    description.formats = {"raw", "qcow2"};
    description.modes = mode_bit(Target::Mode::plugin_reads) | mode_bit(Target::Mode::plugin_takes);
    description.destination = "-o glance";
    return description;
  }

  void precheck(const Metadata &metadata) override {
    const bool first = !abilities_;
    if (first) {
      abilities_ = api_.abilities();
      host_.debug("Glance: " + api_.url(""));
    }
    for (const auto &disk : metadata.disks) {
      const auto name = image_name(metadata, disk.index);
      if (name.size() > longest_name)
        throw Error(Code::usage,
                    fmt::format("the name of an image can have {} bytes", longest_name), name,
                    "give a shorter one with -on");
      const auto &formats = abilities_->formats;
      if (!formats.empty() &&
          std::find(formats.begin(), formats.end(), disk.format) == formats.end())
        throw Error(Code::unsupported,
                    fmt::format("this Glance does not take images in {}", disk.format),
                    http::printable_url(api_.url("")),
                    fmt::format("use -of with one of: {}", fmt::join(formats, ", ")));
      if (first && api_.exists(name))
        host_.warning(
            fmt::format("an image with the name {} is there already; the new one gets the "
                        "same name, and is told from it by its id",
                        name));
    }
    check_quota(metadata);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    properties_ = openstack::image_properties(
        metadata, [this](const std::string &message) { host_.warning(message); });
    ids_.resize(metadata.disks.size());
    std::vector<Target> targets;
    for (const auto &disk : metadata.disks) {
      Target target;
      target.mode = disk.format == "raw" ? Target::Mode::plugin_reads : Target::Mode::plugin_takes;
      target.display_name = "image " + image_name(metadata, disk.index);
      targets.push_back(std::move(target));
    }
    return targets;
  }

  void read(const ReadRequest &request) override {
    upload(request.metadata, request.disk, [&] {
      const auto stream =
          std::make_shared<nbd::NbdStream>(request.uri, fmt::format("disk {}", request.disk + 1),
                                           [this] { host_.check_cancelled(); });
      return DiskBytes{stream->size(), [stream](char *buffer, std::size_t room) {
                         return stream->read(buffer, room);
                       }};
    });
  }

  void take(const TakeRequest &request) override {
    const auto &path = request.image.path;
    upload(request.metadata, request.disk, [&] {
      const auto file = std::make_shared<std::ifstream>(path, std::ios::binary | std::ios::ate);
      const auto size = file->tellg();
      file->seekg(0);
      if (!*file) throw cannot_read(path);
      return DiskBytes{static_cast<std::uint64_t>(size),
                       [file, path](char *buffer, std::size_t room) {
                         file->read(buffer, static_cast<std::streamsize>(room));
                         if (file->gcount() <= 0) throw cannot_read(path);
                         return static_cast<std::size_t>(file->gcount());
                       }};
    });
  }

  void commit(const Metadata &metadata) override {
    // The first image is the one to start a server of: it appears when the others are there.
    for (auto id = ids_.rbegin(); id != ids_.rend(); ++id)
      if (abilities_ && abilities_->hides) api_.show(*id);
    for (const auto &disk : metadata.disks)
      host_.info(fmt::format("image {}: {}", image_name(metadata, disk.index), ids_[disk.index]));
  }

  static void abort(const Host &host, const std::vector<std::string> &records) {
    auto hooks = http::Hooks::of(host);
    hooks.check_cancelled = {};  // what it cleans up after may be a cancellation
    remove_recorded(records, openstack::process_environment(), hooks);
  }

 private:
  static Error cannot_read(const std::string &path) {
    return Error(Code::io, "the finished image cannot be read", path,
                 "see whether its file system is in order");
  }

  static std::string image_name(const Metadata &metadata, unsigned disk) {
    return disk == 0 ? metadata.name : fmt::format("{}-disk{}", metadata.name, disk + 1);
  }

  void check_quota(const Metadata &metadata) {
    const auto quota = api_.quota();
    if (!quota || quota->limit < 0) return;
    std::uint64_t needed = 0;
    for (const auto &disk : metadata.disks)
      needed += disk.format == "raw" ? disk.virtual_size : disk.estimated_size;
    const auto left =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, quota->limit - quota->used)) << 20;
    if (needed > left)
      throw Error(Code::no_space,
                  fmt::format("the project's quota for images has {} left, and {} are needed",
                              text::human_size(left), text::human_size(needed)),
                  http::printable_url(api_.url("")),
                  "delete images that are not needed any more, have the quota enlarged, or try -of "
                  "qcow2, which takes less");
  }

  void upload(const Metadata &metadata, unsigned disk, const std::function<DiskBytes()> &open) {
    UploadHooks hooks;
    hooks.journal = [this](const std::string &record) { host_.journal(record); };
    hooks.progress = [this, disk](std::uint64_t done, std::uint64_t total) {
      host_.progress(disk, done, total);
    };
    hooks.check_cancelled = [this] { host_.check_cancelled(); };
    hooks.debug = [this](const std::string &line) { host_.debug(line); };
    hooks.warn = [this](const std::string &line) { host_.warning(line); };
    NewImage image;
    image.name = image_name(metadata, disk);
    image.format = metadata.disks.at(disk).format;
    image.min_ram = openstack::least_memory(metadata.source);
    image.properties = properties_;
    image.hidden = abilities_ && abilities_->hides;
    // Each disk has an element of its own.
    ids_.at(disk) = ImageUpload(api_, std::move(image), std::move(hooks)).run(open);
  }

  Host host_;
  openstack::Session session_;
  ImageApi api_;
  std::optional<Abilities> abilities_;
  std::map<std::string, std::string> properties_;
  std::vector<std::string> ids_;
};

}  // namespace

V2V_REGISTER_OUTPUT(
    GlanceOutput,
    PluginInfo{"glance", V2V_PLUGIN_VERSION, "the v2v authors", "images in OpenStack Glance", {}})
