// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Glance's Image API v2, as far as an upload needs it. Source: OpenStack's "Image Service API v2".
// Every function may be called from any thread, and throws what openstack::Session throws, and an
// Error that says what Glance answered.
#pragma once

#include <v2v/openstack/session.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace v2v::output_glance {

/// An image to create.
struct NewImage {
  std::string id;  ///< a UUID that nobody else has
  std::string name, format;
  std::uint64_t min_ram = 0;  ///< MiB
  std::map<std::string, std::string> properties = {};
  bool hidden = false;  ///< until show() is called; only where abilities() say so
};

/// What Glance knows of an image.
struct ImageState {
  std::string status;  ///< queued, saving, active …
  std::uint64_t size = 0;
  std::string hash_algorithm, hash;
};

/// What this Glance can do.
struct Abilities {
  std::vector<std::string> formats;  ///< disk formats it takes; empty: not told
  bool hides = false;                ///< images can be left out of lists (since version 2.7)
};

/// What the project has used of its quota, in MiB; less than 0: no limit.
struct Quota {
  std::int64_t limit = -1, used = 0;
};

class ImageApi {
 public:
  explicit ImageApi(openstack::Session &session) : session_(session) {}

  Abilities abilities();
  /// Nothing where Glance does not tell (before version 2.13, or without limits in Keystone).
  std::optional<Quota> quota();
  bool exists(const std::string &name);

  void create(const NewImage &image);
  /// @param hooks  of this upload
  /// @return Glance's answer, whatever it is
  http::Response upload(const std::string &id, const http::Upload &body, const http::Hooks &hooks);
  /// Nothing if there is no such image.
  std::optional<ImageState> state(const std::string &id);
  /// Puts a hidden image into lists.
  void show(const std::string &id);
  /// What is not there is no error.
  void remove(const std::string &id) { remove_at(session_, url("/images/" + id), id); }

  /// The service's address, with its version.
  std::string url(const std::string &path);
  /// As remove(), where the address of the image is known.
  static void remove_at(openstack::Session &session, const std::string &url, const std::string &id);

  openstack::Session &session() { return session_; }

 private:
  openstack::Session &session_;
};

}  // namespace v2v::output_glance
