// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Every cell that is in use can be claimed once, in the order in which the keys are walked from the root.
// The second that wants a cell is damaged, and not walked into: so circles end.
#include "hive_check.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace v2v::windows {
namespace {

constexpr std::size_t first_bin = 0x1000, bin_header = 0x20;
constexpr int deepest = 512;
constexpr std::uint32_t nowhere = 0xffffffff;

class Mapping {
 public:
  explicit Mapping(const std::string &file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (descriptor >= 0 && ::fstat(descriptor, &status) == 0 && status.st_size > 0) {
      address_ = ::mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (address_ != MAP_FAILED) size_ = status.st_size;
    }
    if (descriptor >= 0) ::close(descriptor);
  }
  ~Mapping() {
    if (size_ != 0) ::munmap(address_, size_);
  }
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
  std::string_view bytes() const {
    return size_ != 0 ? std::string_view(static_cast<const char *>(address_), size_)
                      : std::string_view{};
  }

 private:
  void *address_ = MAP_FAILED;
  std::size_t size_ = 0;
};

class Check {
 public:
  explicit Check(std::string_view hive) : hive_(hive), cells_(hive.size() / 4 + 1) {
    if (hive.size() < 2 * first_bin || number(0x28) > hive.size() - first_bin) return;
    complete = true;
    find_cells();
    const auto root = place(0x24);
    if (root && claim(*root, "nk")) walk(*root, 0);
  }
  std::unordered_map<std::size_t, unsigned> damaged;
  bool complete = false;

 private:
  using Place = std::size_t;
  enum Cell : unsigned char { none, used, claimed };

  std::uint32_t number(Place at, int bytes = 4) const {
    std::uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; --i)
      value = value << 8 | static_cast<unsigned char>(hive_[at + i]);
    return value;
  }
  /// With its own length in front, which is negative for a cell in use.
  std::size_t length(Place cell) const {
    return std::abs(std::int64_t(static_cast<std::int32_t>(number(cell))));
  }

  void find_cells() {
    const auto end = first_bin + number(0x28);
    for (Place bin = first_bin; bin + bin_header <= end;) {
      const std::size_t size = number(bin + 8);
      if (hive_.substr(bin, 4) != "hbin" || size == 0 || size > end - bin) return;
      for (Place cell = bin + bin_header; cell + 8 <= bin + size;) {
        const auto cell_size = length(cell);
        if (cell_size < 8 || cell_size % 4 != 0 || cell_size > bin + size - cell) break;
        if (number(cell) >= 0x80000000) cells_[cell / 4] = used;
        cell += cell_size;
      }
      bin += size;
    }
  }

  /// The cell that the offset at `at` leads to, if it is one.
  std::optional<Place> place(Place at) const {
    const Place cell = std::size_t(number(at)) + first_bin;
    if (cell % 4 != 0 || cell >= hive_.size() || cells_[cell / 4] == none) return std::nullopt;
    return cell;
  }
  bool is(Place cell, std::string_view signature) const {
    return hive_.substr(cell + 4, 2) == signature;
  }
  bool claim(Place cell, std::string_view signature = {}) {
    if (cells_[cell / 4] != used || (!signature.empty() && !is(cell, signature))) return false;
    cells_[cell / 4] = claimed;
    return true;
  }
  bool claim_at(Place at) {
    const auto cell = place(at);
    return cell && claim(*cell);
  }

  /// True if the key and all below it are sound.
  bool walk(Place key, int depth) {
    unsigned damage = 0;
    if (length(key) < 0x50 || number(key + 0x4c, 2) > length(key) - 0x50 || depth > deepest) {
      damaged[key] = no_listing | no_editing | no_removal;
      return false;
    }
    std::vector<Place> children;
    if (number(key + 0x18) != 0) damage |= subkeys(key, children);
    if (number(key + 0x28) != 0 && !values(key)) damage |= no_editing;
    if (number(key + 0x34) != nowhere && !claim_at(key + 0x34)) damage |= no_removal;
    if (number(key + 0x30) != nowhere && !security(key + 0x30)) damage |= no_removal;
    for (const auto child : children)
      if (!claim(child, "nk"))
        damage |= no_editing;
      else if (!walk(child, depth + 1))
        damage |= no_removal;
    if (damage != 0) damaged[key] |= damage | no_removal;
    return damage == 0;
  }

  unsigned subkeys(Place key, std::vector<Place> &children) {
    const auto list = place(key + 0x20);
    if (!list || !claim(*list)) return no_editing;
    if (!is(*list, "ri")) return sublist(*list, children);
    const std::size_t lists = number(*list + 6, 2);
    if (8 + lists * 4 > length(*list)) return no_listing | no_editing;
    unsigned damage = 0;
    for (std::size_t i = 0; i < lists; ++i) {
      const auto inner = place(*list + 8 + i * 4);
      if (!inner) return damage | no_editing;
      if (!claim(*inner)) damage |= no_editing;
      damage |= sublist(*inner, children);
    }
    return damage;
  }

  unsigned sublist(Place list, std::vector<Place> &children) const {
    if (!is(list, "lf") && !is(list, "lh") && !is(list, "li")) return no_editing;
    const std::size_t keys = number(list + 6, 2), entry = is(list, "li") ? 4 : 8;
    if (8 + keys * entry > length(list)) return no_listing | no_editing;
    unsigned damage = 0;
    for (std::size_t i = 0; i < keys; ++i)
      if (const auto child = place(list + 8 + i * entry))
        children.push_back(*child);
      else
        damage |= no_editing;
    return damage;
  }

  bool values(Place key) {
    const auto list = place(key + 0x2c);
    const std::size_t count = number(key + 0x28);
    if (!list || !claim(*list) || count > (length(*list) - 4) / 4) return false;
    bool sound = true;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = place(*list + 4 + i * 4);
      if (!value || !claim(*value, "vk") || length(*value) < 0x18) {
        sound = false;
        continue;
      }
      const bool has_cell = number(*value + 8) < 0x80000000;
      if (has_cell && !claim_at(*value + 0xc)) sound = false;
    }
    return sound;
  }

  /// Taken out of the chain, a record writes to both of its neighbours.
  bool security(Place at) const {
    const auto is_record = [&](std::optional<Place> cell) {
      return cell && is(*cell, "sk") && length(*cell) >= 0x18;
    };
    const auto record = place(at);
    return is_record(record) && is_record(place(*record + 8)) && is_record(place(*record + 12));
  }

  const std::string_view hive_;
  std::vector<unsigned char> cells_;  // one for each four bytes of the file
};

}  // namespace

std::optional<std::unordered_map<std::size_t, unsigned>> damaged_keys(const std::string &file) {
  const Mapping mapping(file);
  Check check(mapping.bytes());
  if (!check.complete) return std::nullopt;
  return std::move(check.damaged);
}

}  // namespace v2v::windows
