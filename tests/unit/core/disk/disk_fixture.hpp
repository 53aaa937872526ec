// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the disk tests share: images made by qemu-img, changed byte by byte where a hostile one is
// needed, and a check of the parts of an error.
#pragma once

#include "../../refusal.hpp"
#include "../../temporary_directory.hpp"

#include <core/run/command.hpp>
#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <random>

namespace v2v::test {

constexpr std::uint64_t mebibyte = 1024 * 1024;

class DiskTest : public ::testing::Test {
 protected:
  /// Runs a program that must succeed.
  static std::string run(std::vector<std::string> argv) {
    core::Command command;
    command.argv = std::move(argv);
    return command.run_checked("test command");
  }

  std::string path(const std::string &name) const { return (directory_ / name).string(); }

  /// An empty image of `size` bytes.
  std::string make_image(const std::string &name, const std::string &format, std::uint64_t size,
                         const std::vector<std::string> &more = {}) const {
    std::vector<std::string> argv = {"qemu-img", "create", "-q", "-f", format};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.insert(argv.end(), {path(name), std::to_string(size)});
    run(argv);
    return path(name);
  }

  /// A raw image with some random data, some zeroes, and holes.
  std::string make_raw(const std::string &name, std::uint64_t size = 8 * mebibyte,
                       std::uint64_t data = mebibyte) const {
    std::mt19937_64 random(size + data);
    std::string bytes(data, '\0');
    for (auto &byte : bytes) byte = static_cast<char>(random());
    write_file(path(name), "");
    std::filesystem::resize_file(path(name), size);
    patch(path(name), mebibyte, bytes);
    patch(path(name), size - 4096, bytes.substr(0, 4096));
    return path(name);
  }

  std::string convert(const std::string &from, const std::string &name, const std::string &format,
                      const std::vector<std::string> &more = {}) const {
    std::vector<std::string> argv = {"qemu-img", "convert", "-f", "raw", "-O", format};
    argv.insert(argv.end(), more.begin(), more.end());
    argv.insert(argv.end(), {from, path(name)});
    run(argv);
    return path(name);
  }

  /// What qemu-img measures for a qcow2 copy of a qcow2 image, in bytes.
  static std::uint64_t measured_by_qemu(const std::string &image) {
    const auto answer =
        run({"qemu-img", "measure", "-f", "qcow2", "-O", "qcow2", "--output=json", image});
    return nlohmann::json::parse(answer).at("required").get<std::uint64_t>();
  }

  static void patch(const std::string &file, std::uint64_t at, const std::string &bytes) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    ASSERT_GE(fd, 0) << file;
    const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    EXPECT_EQ(written, static_cast<ssize_t>(bytes.size()));
    ::close(fd);
  }

  static std::string big_endian(std::uint64_t value, unsigned bytes) {
    std::string text;
    while (bytes-- > 0) text += static_cast<char>(value >> (8 * bytes));
    return text;
  }
  static std::string little_endian(std::uint64_t value, unsigned bytes) {
    auto text = big_endian(value, bytes);
    return {text.rbegin(), text.rend()};
  }

  static Location file(const std::string &path, const std::string &format = "raw") {
    Location location;
    location.path = path;
    location.format = format;
    return location;
  }

  static bool same_content(const std::string &first, const std::string &first_format,
                           const std::string &second, const std::string &second_format) {
    core::Command command;
    command.argv = {"qemu-img", "compare",     "-q",  "-f",  first_format,
                    "-F",       second_format, first, second};
    return command.run().status == 0;
  }

  test::TemporaryDirectory directory_;
};

#define EXPECT_ERROR(error_expression, expected_code, ...)                  \
  do {                                                                      \
    const auto thrown = (error_expression);                                 \
    EXPECT_EQ(thrown.code(), expected_code) << thrown.what();               \
    EXPECT_THAT(std::string(thrown.what()), ::testing::AllOf(__VA_ARGS__)); \
  } while (false)

}  // namespace v2v::test
