// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Cinder and Nova as far as v2v speaks to them, with their states: a volume is attached only when it is
// available, and not removed while it is in use. The block device of an attached volume is a file.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "http_server.hpp"

namespace v2v::test {

struct FakeVolume {
  std::string status = "available", name, description, type;
  std::int64_t gib = 0;
  std::map<std::string, std::string> metadata, image_metadata;
  bool bootable = false;
};

class FakeVolumes {
 public:
  /// @param devices  where attached volumes appear
  explicit FakeVolumes(std::filesystem::path devices) : devices_(std::move(devices)) {}

  /// Of /volume/v3/p1 and /compute/v2.1.
  HttpAnswer answer(const HttpRequest &request);

  std::map<std::string, FakeVolume> volumes;
  std::string server = "5e4e4e4e-0000-4000-8000-000000000001";
  std::string first_status = "available";  ///< of what is created
  std::int64_t most_volumes = 10, most_gib = 1000;
  bool devices_appear = true;

 private:
  HttpAnswer compute(const HttpRequest &request, const std::string &path);
  HttpAnswer volume(const HttpRequest &request, const std::string &rest);
  HttpAnswer create(const HttpRequest &request);
  HttpAnswer list() const;

  const std::filesystem::path devices_;
  unsigned made_ = 0;
};

}  // namespace v2v::test
