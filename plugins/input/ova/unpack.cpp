// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "unpack.hpp"

#include "file.hpp"
#include "ovf_document.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <limits>

namespace v2v::input_ova {
namespace {

/// The whole text of an entry.
std::string read_text(Archive &archive, std::uint64_t limit, const MemberList &members,
                      const std::string &name) {
  std::string text;
  while (const auto piece = archive.read()) {
    if (piece->offset > limit || piece->data.size() > limit - piece->offset)
      throw Error(Code::corrupt,
                  fmt::format("{} is larger than {} bytes", text::printable(name), limit),
                  members.ova(), "do not trust this OVA, or export the guest again");
    text.resize(piece->offset, '\0');
    text += piece->data;
  }
  return text;
}

/// What is passed over costs time all the same, because it has to be decompressed. So there may not
/// be more of it than an OVA has that somebody packed to save space.
class PassedOver {
 public:
  /// @param archive_size  bytes
  PassedOver(std::uint64_t archive_size, const MemberList &members)
      : most_(archive_size > largest / 100 ? largest : archive_size * 100 + one_gibibyte),
        members_(members) {}

  /// Every entry, also a folder.
  void entry() {
    if (++entries_ > most_members) refuse(fmt::format("it holds more than {} files", most_members));
  }
  void add(const ArchiveEntry &entry) {
    const auto size = entry.size.value_or(0);
    if (size > most_ - bytes_)
      refuse(fmt::format("it expands to much more than its disks: {} has {} bytes",
                         text::printable(entry.name), size));
    bytes_ += size;
  }

 private:
  static constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max() / 2;
  static constexpr std::uint64_t one_gibibyte = std::uint64_t(1) << 30;

  [[noreturn]] void refuse(const std::string &what) const {
    throw Error(
        Code::corrupt, what, members_.ova(),
        "do not trust this OVA; if it is yours, unpack it and give its directory to -i ova");
  }

  std::uint64_t most_, bytes_ = 0;
  std::size_t entries_ = 0;
  const MemberList &members_;
};

/// Takes the pieces of an entry to a file, to the sums it must have, or both.
class Sink {
 public:
  Sink(SparseFile *file, const std::vector<ManifestLine> &sums) : file_(file), digests_(sums) {}
  void add(const Archive::Piece &piece) {
    if (piece.offset > at_) gap(piece.offset - at_);
    if (file_) file_->append(piece.data);
    digests_.add(piece.data.data(), piece.data.size());
    at_ += piece.data.size();
  }
  /// @param size  of the entry: it may end with a hole
  void finish(std::optional<std::uint64_t> size) {
    if (size && *size > at_) gap(*size - at_);
    if (file_) file_->finish();
  }
  Digests &digests() { return digests_; }
  std::uint64_t size() const { return at_; }

 private:
  void gap(std::uint64_t bytes) {
    if (file_) file_->skip(bytes);
    digests_.add_zeroes(bytes);
    at_ += bytes;
  }
  SparseFile *file_;
  Digests digests_;
  std::uint64_t at_ = 0;
};

class Unpacking {
 public:
  Unpacking(const Host &host, const std::string &path, Archive::Kind kind, MemberList &members,
            Manifests &manifests)
      : host_(host),
        archive_(Archive::open(path, members.ova(), kind)),
        total_(InputFile(path).size()),
        members_(members),
        manifests_(manifests),
        passed_over_(total_, members) {}

  void run(const std::string &ovf, const Wanted &wanted) {
    while (const auto entry = archive_.next()) {
      progress();
      passed_over_.entry();
      const auto name = members_.clean_name(entry->name);
      if (entry->directory) continue;
      if (has_suffix(name, ".ovf") && name != ovf)
        throw Error(Code::unsupported,
                    fmt::format("it holds several OVF files: {}, {}", text::printable(ovf),
                                text::printable(name)),
                    members_.ova(), "unpack it and give one of them: -i ova DIRECTORY/FILE.ovf");
      take(*entry, name, wanted);
    }
    host_.progress(0, total_, total_);
  }

 private:
  void progress() {
    host_.check_cancelled();
    host_.progress(0, std::min(archive_.consumed(), total_), total_);
  }

  void take(const ArchiveEntry &entry, const std::string &name, const Wanted &wanted) {
    Member member;
    member.name = name;
    member.flaw = entry.flaw;
    if (entry.flaw.empty() && has_suffix(name, ".mf")) {
      manifests_.add(members_, name, read_text(archive_, largest_manifest, members_, name));
      member.flaw = not_unpacked;
    } else if (entry.flaw.empty()) {
      const auto &sums = manifests_.sums_of(name);
      if (wanted.holds(name)) {
        unpack_file(entry, member, sums);
      } else {
        passed_over_.add(entry);
        member.flaw = not_unpacked;
        if (!sums.empty()) move(entry, name, nullptr, sums);
      }
    }
    members_.add(std::move(member));
  }

  void unpack_file(const ArchiveEntry &entry, Member &member,
                   const std::vector<ManifestLine> &sums) {
    const auto directory = host_.run_directory();
    if (entry.size) check_space(directory, *entry.size, text::printable(member.name));
    SparseFile file(directory, "ova-file", entry.size.value_or(free_space(directory)));
    member.size = move(entry, member.name, &file, sums);
    member.file = file.path();
  }

  std::uint64_t move(const ArchiveEntry &entry, const std::string &name, SparseFile *file,
                     const std::vector<ManifestLine> &sums) {
    Sink sink(file, sums);
    while (const auto piece = archive_.read()) {
      sink.add(*piece);
      progress();
    }
    sink.finish(entry.size);
    sink.digests().compare(members_.ova(), name);
    if (!sums.empty()) manifests_.checked(name);
    return sink.size();
  }

  const Host &host_;
  Archive archive_;
  std::uint64_t total_;
  MemberList &members_;
  Manifests &manifests_;
  PassedOver passed_over_;
};

}  // namespace

OvfText find_ovf(const Host &host, const std::string &path, Archive::Kind kind,
                 const MemberList &members) {
  auto archive = Archive::open(path, members.ova(), kind);
  const auto total = InputFile(path).size();
  PassedOver passed_over(total, members);
  while (const auto entry = archive.next()) {
    host.check_cancelled();
    host.progress(0, std::min(archive.consumed(), total), total);
    passed_over.entry();
    const auto name = members.clean_name(entry->name);
    if (!has_suffix(name, ".ovf") || !entry->flaw.empty() || entry->directory) {
      passed_over.add(*entry);
      continue;
    }
    return {name, read_text(archive, largest_ovf, members, name)};
  }
  throw Error(Code::corrupt, "no .ovf file was found in it", members.ova(),
              "see whether it is an OVA at all, or export the guest again");
}

void unpack(const Host &host, const std::string &path, Archive::Kind kind, const std::string &ovf,
            const Wanted &wanted, MemberList &members, Manifests &manifests) {
  Unpacking(host, path, kind, members, manifests).run(ovf, wanted);
}

std::string assemble(const Host &host, std::vector<Segment> segments, const std::string &name,
                     bool gzip, unsigned disk, std::optional<std::uint64_t> limit) {
  std::uint64_t total = 0;
  for (const auto &segment : segments) total += segment.size;
  const auto directory = host.run_directory();
  check_space(directory, total, name);
  SparseFile file(directory, "ova-disk", limit.value_or(free_space(directory)));
  auto archive = Archive::stream(std::move(segments), name, gzip);
  const std::vector<ManifestLine> no_sums;  // the manifest has those of the segments
  Sink sink(&file, no_sums);
  while (archive.next())
    while (const auto piece = archive.read()) {
      sink.add(*piece);
      host.check_cancelled();
      host.progress(disk, std::min(archive.consumed(), total), total);
    }
  sink.finish(std::nullopt);
  host.progress(disk, total, total);
  return file.path();
}

}  // namespace v2v::input_ova
