// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <fmt/format.h>

namespace v2v::output_rhv_upload {
namespace {

bool is_https(const std::string &url) {
  return url.rfind("https://", 0) == 0;
}

/// The address that the engine tells, which must not be less safe than the engine's own.
std::string url_of(const Transfer &transfer, bool direct, const Login &login) {
  auto url = direct ? transfer.transfer_url : transfer.proxy_url;
  while (!url.empty() && url.back() == '/') url.pop_back();
  if (!is_https(url) && (is_https(login.api) || url.rfind("http://", 0) != 0))
    throw Error(
        Code::io,
        fmt::format("the engine tells no https address of ImageIO{}", direct ? "" : "'s proxy"),
        transfer.id,
        direct ? "see whether ovirt-imageio runs on the hosts, or give -oo rhv-proxy"
               : "see whether ovirt-imageio runs on the engine, or give -oo rhv-direct");
  return url;
}

}  // namespace

void transfer_disk(Engine &engine, const TransferRequest &request, const TransferHooks &hooks) {
  DiskApi api(engine);
  auto transfer = api.begin(request.disk, request.host);
  UploadHooks upload;
  upload.progress = hooks.progress;
  upload.check_cancelled = hooks.check_cancelled;
  upload.keep_alive = [&] { api.extend(transfer.id); };
  upload.debug = hooks.debug;
  upload.pauses = engine.hooks().pauses;
  for (std::size_t tried = 0;; ++tried) {
    const UploadTo to{url_of(transfer, request.direct, engine.login()), engine.login().tls(),
                      request.direct && !request.host.empty(), request.size};
    try {
      DiskUpload(to, upload).run(request.uri, request.name);
      break;
    } catch (const TransferBroke &error) {
      if (tried == hooks.pauses.size()) throw;
      hooks.warn(fmt::format("{}: {}; the transfer is resumed and the disk sent again",
                             request.name, error.what()));
    }
    const auto end = std::chrono::steady_clock::now() + hooks.pauses[tried];
    engine.wait(std::chrono::hours(1), [&] { return std::chrono::steady_clock::now() >= end; });
    transfer = api.resume(transfer.id);
  }
  api.finalize(transfer);
}

}  // namespace v2v::output_rhv_upload
