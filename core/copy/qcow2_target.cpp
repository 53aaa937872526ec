// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/qcow2_target.hpp>

#include <core/disk/file_io.hpp>

#include <v2v/images/image_reader.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

using images::Bytes;
using images::ImageReader;

constexpr std::uint64_t copied = std::uint64_t(1) << 63;  ///< this entry is the cluster's only user
constexpr std::uint64_t refcount_size = 2;                ///< bytes, at the usual order of 4

std::vector<std::byte> big_endian(std::span<const std::uint64_t> values) {
  std::vector<std::byte> bytes;
  for (const auto value : values)
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::byte>(value >> shift));
  return bytes;
}

/// How many pieces of this size it takes.
std::uint64_t pieces_of(std::uint64_t value, std::uint64_t step) {
  return (value + step - 1) / step;
}

bool all_zero(const Bytes &bytes) {
  return is_zero(std::as_bytes(std::span(bytes.all())));
}

/// Clusters the file can grow to: all data, an L2 table for each piece of it, and what there is.
std::uint64_t most_clusters(const Qcow2Header &header, std::uint64_t file_size) {
  const auto data = pieces_of(header.size, header.cluster);
  const auto used = pieces_of(file_size, header.cluster) + data + header.l1_entries;
  return used + pieces_of(used, header.cluster / refcount_size - 1);
}

/// @return nothing for an image that is not plain, not empty, or too large for its own tables
std::optional<Qcow2Header> read_fresh(const ImageReader &reader) {
  const auto head = reader.read_up_to(0, 104);
  if (head.size() < 104 || head.text(0, 4) != "QFI\xfb") return std::nullopt;
  const auto version = head.be32(4), bits = head.be32(20);
  const bool plain = (version == 2 || version == 3) && head.be64(8) == 0 && head.be32(32) == 0 &&
                     head.be32(60) == 0 && bits >= 9 && bits <= 21;
  const bool known =
      version == 2 || (head.be64(72) == 0 && head.be64(88) == 0 && head.be32(96) == 4);
  if (!plain || !known) return std::nullopt;
  Qcow2Header header;
  header.cluster = std::uint64_t(1) << bits;
  header.size = head.be64(24);
  header.l1_entries = head.be32(36);
  header.l1_place = head.be64(40);
  header.refcount_place = head.be64(48);
  header.refcount_entries = head.be32(56) * header.cluster / 8;
  constexpr std::uint64_t most_l1 = 32 << 20;  // bytes; qemu's limit too
  if (header.l1_entries > most_l1 / 8 || !reader.holds(header.l1_place, header.l1_entries * 8) ||
      !all_zero(reader.read(header.l1_place, header.l1_entries * 8)))
    return std::nullopt;
  if (header.l1_entries < pieces_of(header.size, header.cluster * (header.cluster / 8)))
    return std::nullopt;
  if (most_clusters(header, reader.size()) >
      header.refcount_entries * (header.cluster / refcount_size))
    return std::nullopt;
  return header;
}

}  // namespace

bool Qcow2Target::fits(const Location &target) {
  const FileDescriptor file(::open(target.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  // A device may hold old data where a file reads as zeroes.
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  try {
    return read_fresh(ImageReader(file.get(), target.path)).has_value();
  } catch (const Error &) {
    return false;  // qemu-img says what is wrong with it
  }
}

Qcow2Target::Qcow2Target(const CopyTask &task)
    : name_(task.target_name), file_(::open(task.job.target.path.c_str(), O_RDWR | O_CLOEXEC)) {
  const auto fail = [&](const std::string &why) {
    throw Error(Code::io, fmt::format("cannot copy disk {}: {}", task.job.disk + 1, why), name_);
  };
  if (!file_) fail(std::strerror(errno));
  const ImageReader reader(file_.get(), name_);
  const auto header = read_fresh(reader);
  if (!header) fail("the target has been changed");
  if (header->size < task.virtual_size)
    fail(fmt::format("the target has {} bytes, the disk {}", header->size, task.virtual_size));
  header_ = *header;
  l2_entries_ = header_.cluster / 8;
  l1_.resize(header_.l1_entries);
  next_cluster_ = pieces_of(reader.size(), header_.cluster);
}

std::uint64_t Qcow2Target::allocate(std::uint64_t clusters) {
  const auto place = next_cluster_ * header_.cluster;
  next_cluster_ += clusters;
  return place;
}

std::uint64_t Qcow2Target::l2_table(std::uint64_t cluster) {
  auto &table = l1_[cluster / l2_entries_];
  // The file has never been so long: the table is all zero already.
  if (table == 0) table = allocate(1);
  return table;
}

/// Where the cluster is, and how many of those after it lie side by side with it: at most
/// `clusters`, which are all in one L2 table. What is not there yet is allocated.
Qcow2Target::Run Qcow2Target::map(std::uint64_t cluster, std::uint64_t clusters) {
  const std::lock_guard lock(mutex_);
  const auto entry_place = l2_table(cluster) + cluster % l2_entries_ * 8;
  std::string there(clusters * 8, '\0');
  read_or_zero(file_.get(), std::as_writable_bytes(std::span(there)), entry_place, name_);
  const Bytes entries(std::move(there));
  const auto first = entries.be64(0);
  std::uint64_t count = 1;
  while (count < clusters &&
         entries.be64(count * 8) == (first == 0 ? 0 : first + count * header_.cluster))
    ++count;
  if (first != 0) return {first & ~copied, count};
  const auto place = allocate(count);
  std::vector<std::uint64_t> fresh;
  for (std::uint64_t i = 0; i < count; ++i) fresh.push_back((place + i * header_.cluster) | copied);
  write_fully(file_.get(), big_endian(fresh), entry_place, name_);
  return {place, count};
}

void Qcow2Target::write(std::uint64_t at, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto cluster = at / header_.cluster, inside = at % header_.cluster;
    const auto touched = pieces_of(inside + bytes.size(), header_.cluster);
    const auto run = map(cluster, std::min(touched, l2_entries_ - cluster % l2_entries_));
    const auto length =
        std::min<std::uint64_t>(bytes.size(), run.clusters * header_.cluster - inside);
    write_fully(file_.get(), bytes.first(length), run.place + inside, name_);
    bytes = bytes.subspan(length);
    at += length;
  }
}

void Qcow2Target::finish() {
  write_refcounts();
  for (auto &table : l1_)
    if (table != 0) table |= copied;
  write_fully(file_.get(), big_endian(l1_), header_.l1_place, name_);
}

/// Every cluster up to the last is used, by one.
void Qcow2Target::write_refcounts() {
  const auto table_bytes = header_.refcount_entries * 8;
  std::string there(table_bytes, '\0');
  read_fully(file_.get(), std::as_writable_bytes(std::span(there)), header_.refcount_place, name_);
  const Bytes entries(std::move(there));
  std::vector<std::uint64_t> blocks;
  for (std::uint64_t i = 0; i < header_.refcount_entries; ++i)
    blocks.push_back(entries.be64(i * 8));
  // A new block takes a cluster, which has to be counted too.
  const auto per_block = header_.cluster / refcount_size;
  for (std::uint64_t i = 0; i * per_block < next_cluster_; ++i)
    if (blocks[i] == 0) blocks[i] = allocate(1);
  const auto clusters = next_cluster_;
  std::vector<std::byte> block(header_.cluster);
  for (std::uint64_t i = 0; i * per_block < clusters; ++i) {
    const auto used = std::min(per_block, clusters - i * per_block);
    std::fill(block.begin(), block.end(), std::byte{0});
    for (std::uint64_t j = 0; j < used; ++j) block[j * refcount_size + 1] = std::byte{1};
    write_fully(file_.get(), block, blocks[i], name_);
  }
  write_fully(file_.get(), big_endian(blocks), header_.refcount_place, name_);
  // The last cluster may hold less than it could.
  if (::ftruncate(file_.get(), static_cast<off_t>(clusters * header_.cluster)) != 0)
    throw Error(Code::io, fmt::format("cannot set its size: {}", std::strerror(errno)), name_);
}

}  // namespace v2v::core
