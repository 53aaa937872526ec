// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/disk_server.hpp>

#include <core/copy/nbd_server.hpp>
#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>
#include <v2v/nbd/qemu_nbd.hpp>
#include <v2v/text/uri.hpp>

namespace v2v::core {

DiskServer::DiskServer(const Location &disk, const std::shared_ptr<const LayeredDisk> &layers,
                       const std::filesystem::path &base, const Cancellation &cancellation) {
  if (layers) {
    socket_ = checked_socket_path(base.string() + ".sock");
    own_ = std::make_unique<NbdServer>(layers, socket_);
    return;
  }
  constexpr const char *what = "cannot serve the disk";
  const auto name = display_name(disk);
  qemu_ = std::make_unique<nbd::QemuNbd>(
      qemu_filename(disk), base, what, name, [&] { cancellation.check(); },
      [&](const std::string &log) { return qemu_img_error(what, name, log); });
}

DiskServer::~DiskServer() {
  own_.reset();
  std::error_code ignored;
  if (!socket_.empty()) std::filesystem::remove(socket_, ignored);
}

std::string DiskServer::uri() const {
  if (qemu_) return qemu_->uri();
  return "nbd+unix:///?socket=" + text::percent_encoded(socket_.string(), text::unreserved_in_path);
}

std::optional<Error> DiskServer::failure() const {
  return own_ ? own_->failure() : std::nullopt;
}

}  // namespace v2v::core
