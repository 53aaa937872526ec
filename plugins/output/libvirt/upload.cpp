// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "upload.hpp"

#include <v2v/process/file_descriptor.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <libnbd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace v2v::output_libvirt {
namespace {

using libvirt_client::last_error;

constexpr std::uint64_t most_read = std::uint64_t{2} << 20;
constexpr std::size_t most_sent = std::size_t{192} << 10;  // fits into a message of any libvirt
constexpr std::uint64_t most_asked = std::uint64_t{1} << 30;

/// A volume being written, from its start to its end. Given up unless it was finished.
class VolumeStream {
 public:
  VolumeStream(const libvirt_client::Connection &connection, virStorageVolPtr volume)
      : name_(virStorageVolGetName(volume)), stream_(virStreamNew(connection.get(), 0)) {
    if (!stream_ ||
        virStorageVolUpload(volume, stream_.get(), 0, 0, VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM) != 0)
      fail();
    open_ = true;
  }
  ~VolumeStream() {
    if (open_) (void)virStreamAbort(stream_.get());
  }
  VolumeStream(const VolumeStream &) = delete;
  VolumeStream &operator=(const VolumeStream &) = delete;

  void data(const char *bytes, std::size_t count) {
    while (count > 0) {
      const int sent = virStreamSend(stream_.get(), bytes, std::min(count, most_sent));
      if (sent <= 0) fail();
      bytes += sent;
      count -= static_cast<std::size_t>(sent);
    }
  }
  void hole(std::uint64_t length) {
    if (virStreamSendHole(stream_.get(), static_cast<long long>(length), 0) != 0) fail();
  }
  void finish() {
    if (virStreamFinish(stream_.get()) != 0) fail();
    open_ = false;
  }

 private:
  [[noreturn]] void fail() const {
    throw last_error("cannot write to the volume", name_,
                     "see whether its pool has room left and the connection still works");
  }

  std::string name_;
  libvirt_client::StreamHandle stream_;
  bool open_ = false;
};

struct Extent {
  std::uint64_t length = 0;
  bool zero = false;
};

class NbdSource {
 public:
  explicit NbdSource(const std::string &uri) : nbd_(nbd_create()) {
    if (!nbd_ || nbd_add_meta_context(nbd_.get(), LIBNBD_CONTEXT_BASE_ALLOCATION) != 0 ||
        nbd_connect_uri(nbd_.get(), uri.c_str()) != 0)
      fail();
    const auto size = nbd_get_size(nbd_.get());
    if (size < 0) fail();
    size_ = static_cast<std::uint64_t>(size);
  }

  std::uint64_t size() const { return size_; }

  std::vector<Extent> extents(std::uint64_t at) {
    std::vector<Extent> found;
    if (nbd_can_meta_context(nbd_.get(), LIBNBD_CONTEXT_BASE_ALLOCATION) != 1)
      return {{std::min(size_ - at, most_asked), false}};
    const nbd_extent_callback callback = {add_extents, &found, nullptr};
    if (nbd_block_status(nbd_.get(), std::min(size_ - at, most_asked), at, callback, 0) != 0 ||
        found.empty())
      fail();
    return found;
  }

  void read(std::vector<char> &room, std::uint64_t at) {
    if (nbd_pread(nbd_.get(), room.data(), room.size(), at, 0) != 0) fail();
  }

 private:
  static int add_extents(void *data, const char *context, std::uint64_t, std::uint32_t *entries,
                         std::size_t count, int *) noexcept {
    if (std::strcmp(context, LIBNBD_CONTEXT_BASE_ALLOCATION) != 0) return 0;
    try {
      auto &found = *static_cast<std::vector<Extent> *>(data);
      for (std::size_t i = 0; i + 1 < count; i += 2)
        if (entries[i] != 0)
          found.push_back({entries[i], (entries[i + 1] & LIBNBD_STATE_ZERO) != 0});
      return 0;
    } catch (...) {
      return -1;
    }
  }
  [[noreturn]] static void fail() {
    throw Error(Code::io, fmt::format("cannot read the converted disk: {}", nbd_get_error()), {},
                "report this");
  }

  struct Close {
    void operator()(nbd_handle *nbd) const { nbd_close(nbd); }
  };
  std::unique_ptr<nbd_handle, Close> nbd_;
  std::uint64_t size_ = 0;
};

class FileSource {
 public:
  explicit FileSource(const std::string &path)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat status = {};
    if (!file_ || ::fstat(file_.get(), &status) != 0) fail();
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const { return size_; }

  std::vector<Extent> extents(std::uint64_t at) const {
    const auto data = ::lseek(file_.get(), static_cast<off_t>(at), SEEK_DATA);
    if (data < 0 && errno == ENXIO) return {{size_ - at, true}};
    const auto start = data < 0 ? at : static_cast<std::uint64_t>(data);
    if (start > at) return {{start - at, true}};
    const auto hole = ::lseek(file_.get(), static_cast<off_t>(at), SEEK_HOLE);
    return {{(hole < 0 ? size_ : static_cast<std::uint64_t>(hole)) - at, false}};
  }

  void read(std::vector<char> &room, std::uint64_t at) const {
    for (std::size_t done = 0; done < room.size();) {
      const auto count = ::pread(file_.get(), room.data() + done, room.size() - done,
                                 static_cast<off_t>(at + done));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail();
      done += static_cast<std::size_t>(count);
    }
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(Code::io, fmt::format("cannot read the converted disk: {}", std::strerror(errno)),
                path_);
  }

  std::string path_;
  process::FileDescriptor file_;
  std::uint64_t size_ = 0;
};

template <class From>
void upload(From &from, VolumeStream &to, const Progress &progress) {
  std::vector<char> room;
  for (std::uint64_t at = 0; at < from.size();)
    for (const auto &[length, zero] : from.extents(at)) {
      const auto end = std::min(at + length, from.size());
      if (zero && end > at) {
        to.hole(end - at);
        at = end;
      }
      while (at < end) {
        room.resize(static_cast<std::size_t>(std::min(end - at, most_read)));
        from.read(room, at);
        to.data(room.data(), room.size());
        at += room.size();
        progress(at, from.size());
      }
      progress(at, from.size());
    }
  to.finish();
}

}  // namespace

void upload_from_nbd(const libvirt_client::Connection &connection, virStorageVolPtr volume,
                     const std::string &uri, const Progress &progress) {
  NbdSource source(uri);
  VolumeStream stream(connection, volume);
  upload(source, stream, progress);
}

void upload_file(const libvirt_client::Connection &connection, virStorageVolPtr volume,
                 const std::string &path, const Progress &progress) {
  FileSource source(path);
  VolumeStream stream(connection, volume);
  upload(source, stream, progress);
}

}  // namespace v2v::output_libvirt
