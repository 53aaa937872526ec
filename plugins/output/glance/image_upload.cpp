// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_upload.hpp"

#include <v2v/openstack/uuid.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "image_record.hpp"

namespace v2v::output_glance {
namespace {

using namespace std::chrono_literals;

// Glance, or a proxy before it, may end the connection while the store still takes in the last
// bytes.
constexpr auto settling_limit = 600s;
constexpr auto settling_tick = 500ms;

/// SHA-512, which is what Glance computes unless its operator has chosen otherwise.
class Hash {
 public:
  Hash() : context_(::EVP_MD_CTX_new()) {
    if (!context_ || ::EVP_DigestInit_ex(context_.get(), ::EVP_sha512(), nullptr) != 1)
      throw Error(Code::internal, "the checksum of the upload cannot be computed");
  }
  void add(const char *data, std::size_t count) { ::EVP_DigestUpdate(context_.get(), data, count); }
  std::string text() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    ::EVP_DigestFinal_ex(context_.get(), digest, &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
  }

 private:
  struct End {
    void operator()(EVP_MD_CTX *context) const { ::EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, End> context_;
};

/// What may be otherwise the next time; 401: with the new token.
bool may_pass(int status) {
  return status == 401 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

/// How an attempt ended.
struct ImageUpload::Outcome {
  std::optional<Error> failure = {};
  bool again = false;  ///< another attempt may succeed
};

std::string ImageUpload::run(const std::function<DiskBytes()> &open) {
  for (std::size_t tried = 0;; ++tried) {
    image_.id = openstack::new_uuid();
    try {
      const auto outcome = attempt(open);
      if (!outcome.failure) return image_.id;
      if (!outcome.again || tried == hooks_.pauses.size()) throw *outcome.failure;
      hooks_.warn(fmt::format("{}; it is begun again", outcome.failure->what()));
    } catch (...) {
      discard();
      throw;
    }
    discard();
    pause(hooks_.pauses[tried]);
  }
}

ImageUpload::Outcome ImageUpload::attempt(const std::function<DiskBytes()> &open) {
  auto bytes = open();
  hooks_.journal(
      image_record(image_.id, api_.url("/images/" + image_.id), api_.session().settings()));
  api_.create(image_);
  Hash hash;
  std::uint64_t handed_over = 0;
  bool source_failed = true;
  http::Upload body{bytes.size, [&](char *buffer, std::size_t room) {
                      source_failed = true;
                      const auto count = bytes.read(buffer, room);
                      source_failed = false;
                      hash.add(buffer, count);
                      handed_over += count;
                      return count;
                    }};
  http::Hooks hooks;
  hooks.check_cancelled = hooks_.check_cancelled;
  hooks.debug = hooks_.debug;
  hooks.progress = [&](std::uint64_t sent) {
    hooks_.progress(std::min(sent, bytes.size), bytes.size);
  };
  Outcome outcome;
  source_failed = false;
  try {
    const auto answer = api_.upload(image_.id, body, hooks);
    if (!answer.ok()) {
      outcome.failure = api_.session().error("the upload failed", image_.name, answer);
      outcome.again = may_pass(answer.status);
    }
  } catch (const Error &error) {
    outcome.failure = Error(error.code(), "the upload broke off: " + error.failure(), image_.name,
                            error.remedy());
    if (source_failed || error.code() != Code::io) throw;
    outcome.again = true;
  }
  // With all of it sent, the image may be complete although its answer was lost.
  if (outcome.failure && !(outcome.again && handed_over == bytes.size)) return outcome;
  const auto wrong = verify(bytes.size, hash.text());
  if (!wrong) return {};
  if (!outcome.failure) outcome = {wrong, true};
  return outcome;
}

/// Waits until Glance is done with the data. Nothing, if they are the ones that were sent.
std::optional<Error> ImageUpload::verify(std::uint64_t size, const std::string &hash) {
  const auto deadline = std::chrono::steady_clock::now() + settling_limit;
  auto state = api_.state(image_.id);
  while (state && state->status == "saving" && std::chrono::steady_clock::now() < deadline) {
    pause(settling_tick);
    state = api_.state(image_.id);
  }
  const auto remedy = "ask the cloud's operator, whose log of Glance says more";
  if (!state) return Error(Code::io, "Glance has lost the image", image_.name, remedy);
  if (state->status != "active")
    return Error(Code::io,
                 fmt::format("Glance has not taken in the image: it is '{}'", state->status),
                 image_.name, remedy);
  if (state->size != size)
    return Error(Code::io, fmt::format("Glance has {} bytes, but {} were sent", state->size, size),
                 image_.name, remedy);
  if (state->hash_algorithm == "sha512" && state->hash != hash)
    return Error(Code::corrupt, "the checksum of the image is not that of what was sent",
                 image_.name, "see whether network and memory are sound");
  return std::nullopt;
}

/// It stays in the journal in any case, so a failure is not the last word.
void ImageUpload::discard() noexcept {
  try {
    api_.remove(image_.id);
  } catch (const std::exception &error) {
    hooks_.debug(fmt::format("{} is not removed yet: {}", image_.id, error.what()));
  }
}

void ImageUpload::pause(std::chrono::milliseconds duration) const {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
    hooks_.check_cancelled();
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(duration, 100ms));
  }
}

}  // namespace v2v::output_glance
