// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Makes VMDK images of grains byte by byte, as VMware writes them in one go (tables behind their
// grains, markers, a footer) and as nobody should.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace v2v::test {

struct VmdkBuilder {
  std::uint64_t capacity = 2048;  ///< sectors
  std::uint64_t grain = 128;      ///< sectors
  std::uint32_t entries = 512;    ///< of a grain table
  std::uint32_t flags = 0x30001;  ///< new lines are good; compressed; markers
  std::uint32_t version = 3;
  std::uint16_t compression = 1;
  std::uint64_t redundant = 0;  ///< sector of the second grain directory
  bool footer = true;
  std::string descriptor =
      "# Disk DescriptorFile\nversion=1\nCID=12345678\n"
      "parentCID=ffffffff\ncreateType=\"streamOptimized\"\n";
  /// Grains to write, in this order, with their number.
  std::vector<std::pair<std::uint64_t, std::string>> grains;
  /// Numbers of grains that are marked as zero.
  std::vector<std::uint64_t> zeroed;

  /// Where things went, for tests that damage them.
  std::map<std::uint64_t, std::uint64_t> grain_at, table_at;
  std::uint64_t directory_at = 0, footer_at = 0;

  std::string build() {
    image_.assign(512, '\0');
    add_sectors(descriptor, 20);
    std::map<std::uint64_t, std::string> tables;
    for (const auto &[number, data] : grains) {
      grain_at[number] = image_.size();
      entry(tables, number, image_.size() / 512);
      if (compression == 1)
        add_sectors(little(number * grain, 8) + little(deflated(data).size(), 4) + deflated(data));
      else
        add_sectors(data, grain);
    }
    for (const auto number : zeroed) entry(tables, number, 1);
    std::string directory((capacity + grain * entries - 1) / (grain * entries) * 4, '\0');
    for (const auto &[number, table] : tables) {
      marker(1, (table.size() + 511) / 512);
      table_at[number] = image_.size();
      directory.replace(number * 4, 4, little(image_.size() / 512, 4));
      add_sectors(table);
    }
    marker(2, (directory.size() + 511) / 512);
    directory_at = image_.size();
    add_sectors(directory);
    if (footer) {
      marker(3, 1);
      footer_at = image_.size();
      image_ += header(directory_at / 512);
      marker(0, 0);
    }
    image_.replace(0, 512, header(footer ? ~std::uint64_t(0) : directory_at / 512));
    return image_;
  }

  static std::string little(std::uint64_t value, unsigned bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8) text += static_cast<char>(value);
    return text;
  }

  static std::string deflated(const std::string &data) {
    uLongf size = compressBound(data.size());
    std::string out(size, '\0');
    if (compress2(reinterpret_cast<Bytef *>(out.data()), &size,
                  reinterpret_cast<const Bytef *>(data.data()), data.size(), 6) != Z_OK)
      throw std::runtime_error("compress2");
    out.resize(size);
    return out;
  }

 private:
  void add_sectors(std::string text, std::uint64_t at_least = 0) {
    text.resize(std::max<std::uint64_t>((text.size() + 511) / 512, at_least) * 512);
    image_ += text;
  }
  void marker(std::uint32_t type, std::uint64_t sectors) {
    if (footer) add_sectors(little(sectors, 8) + little(0, 4) + little(type, 4));
  }
  void entry(std::map<std::uint64_t, std::string> &tables, std::uint64_t number,
             std::uint64_t sector) const {
    auto &table = tables[number / entries];
    table.resize(entries * 4);
    table.replace(number % entries * 4, 4, little(sector, 4));
  }
  std::string header(std::uint64_t directory) const {
    auto text = "KDMV" + little(version, 4) + little(flags, 4) + little(capacity, 8) +
                little(grain, 8) + little(1, 8) + little(20, 8) + little(entries, 4) +
                little(redundant, 8) + little(directory, 8) + little(21, 8) + '\0' + "\n \r\n" +
                little(compression, 2);
    text.resize(512);
    return text;
  }

  std::string image_;
};

}  // namespace v2v::test
