// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_io.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "fields.hpp"

namespace v2v::output_rhv_upload {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// A piece over a slow line; zeroes and a flush where the storage has no quick way.
constexpr auto write_limit = 300s, zero_limit = 900s, flush_limit = 1800s;
constexpr std::uint64_t zero_piece = 4u << 20;

/// "https://host:54322" of ".../images/TICKET".
std::string server_of(const std::string &url) {
  const auto host = url.find("://");
  return http::printable_url(url.substr(0, url.find('/', host == url.npos ? 0 : host + 3)));
}

/// Over a local socket there is no TLS.
std::string local_url(const std::string &url) {
  return "http://localhost" + url.substr(std::min(url.size(), url.find('/', url.find("://") + 3)));
}

http::Hooks quiet(http::Hooks hooks) {
  hooks.debug = {};
  hooks.progress = {};
  return hooks;
}

}  // namespace

ImageIo::ImageIo(std::string url, const http::Tls &tls, const http::Hooks &hooks,
                 const std::string &unix_socket)
    : url_(unix_socket.empty() ? std::move(url) : local_url(url)),
      server_(unix_socket.empty() ? server_of(url_) : "ImageIO of this host"),
      client_(tls, quiet(hooks), std::make_shared<http::Connections>(unix_socket)) {}

http::Response ImageIo::send(const http::Request &request) {
  http::Response answer;
  try {
    answer = client_.send(request);
  } catch (const Error &error) {
    // Its object would be the URL.
    if (error.code() == Code::io)
      throw TransferBroke(error.code(), error.failure(), server_, error.remedy());
    throw Error(error.code(), error.failure(), server_, error.remedy());
  }
  if (answer.ok()) return answer;
  auto said = answer.body;
  if (const auto ticket = url_.substr(url_.rfind('/') + 1); !ticket.empty())
    for (auto at = said.find(ticket); at != said.npos; at = said.find(ticket))
      said.replace(at, ticket.size(), "…");
  const auto what = fmt::format("ImageIO answers {}{}{}", answer.status, said.empty() ? "" : ", ",
                                text::printable(said, 200));
  if (answer.status == 403)
    throw TransferBroke(Code::access, what, server_,
                        "see the engine's events: the transfer was paused or cancelled there");
  throw Error(
      Code::io, what, server_,
      "see /var/log/ovirt-imageio/daemon.log of that host, and whether its storage is full");
}

ImageIoOptions ImageIo::options() {
  http::Request request{"OPTIONS", url_};
  ImageIoOptions options;
  const auto body = Json::parse(send(request).body, nullptr, false);
  for (const auto &feature : items_of(body, "features")) {
    options.zeroes |= feature == "zero";
    options.flushes |= feature == "flush";
  }
  options.max_writers = static_cast<unsigned>(
      std::clamp<std::uint64_t>(number_of(body, "max_writers").value_or(1), 1, 64));
  options.unix_socket = text_of(body, "unix_socket");
  return options;
}

void ImageIo::write(std::uint64_t offset, std::string data) {
  http::Request request{
      "PUT",
      url_ + "?flush=n",
      {{"Content-Type", "application/octet-stream"},
       {"Content-Range", fmt::format("bytes {}-{}/*", offset, offset + data.size() - 1)}}};
  request.body = std::move(data);
  request.timeout = write_limit;
  send(request);
}

void ImageIo::zero(std::uint64_t offset, std::uint64_t length, const ImageIoOptions &options) {
  if (options.zeroes)
    return patch(Json({{"op", "zero"}, {"offset", offset}, {"size", length}}).dump(), zero_limit);
  for (std::uint64_t done = 0; done < length; done += zero_piece)
    write(offset + done,
          std::string(static_cast<std::size_t>(std::min(zero_piece, length - done)), '\0'));
}

void ImageIo::flush(const ImageIoOptions &options) {
  // Without the feature each write is flushed before it is answered.
  if (options.flushes) patch(R"({"op":"flush"})", flush_limit);
}

void ImageIo::patch(const std::string &body, std::chrono::seconds limit) {
  http::Request request{"PATCH", url_, {{"Content-Type", "application/json"}}};
  request.body = body;
  request.timeout = limit;
  send(request);
}

}  // namespace v2v::output_rhv_upload
