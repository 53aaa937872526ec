// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Brings the bytes of one disk into an image, and makes sure that they have arrived. When the
// connection breaks or Glance is not able to take them for the moment, that image is removed and
// another one is begun, since Glance takes the data of an image only from its start and does not
// always give an image back that it has got a part of.
//
// An ImageUpload is used by one thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "image_api.hpp"

namespace v2v::output_glance {

/// The bytes of a disk from its start. Made anew for every attempt.
struct DiskBytes {
  std::uint64_t size = 0;
  std::function<std::size_t(char *buffer, std::size_t room)> read;
};

struct UploadHooks {
  std::function<void(const std::string &record)> journal;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  std::function<void()> check_cancelled;
  std::function<void(const std::string &)> debug, warn;
  std::vector<std::chrono::milliseconds> pauses = {std::chrono::seconds(2),
                                                   std::chrono::seconds(10)};  ///< between attempts
};

class ImageUpload {
 public:
  /// @param image  its id is chosen here
  ImageUpload(ImageApi &api, NewImage image, UploadHooks hooks)
      : api_(api), image_(std::move(image)), hooks_(std::move(hooks)) {}

  /// @return the id of the image, which is now active
  /// @throws Error; the images that were begun are removed or in the journal
  std::string run(const std::function<DiskBytes()> &open);

 private:
  struct Outcome;
  Outcome attempt(const std::function<DiskBytes()> &open);
  std::optional<Error> verify(std::uint64_t size, const std::string &hash);
  void discard() noexcept;
  void pause(std::chrono::milliseconds duration) const;

  ImageApi &api_;
  NewImage image_;
  UploadHooks hooks_;
};

}  // namespace v2v::output_glance
