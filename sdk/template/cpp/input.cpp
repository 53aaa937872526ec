// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A small input plugin in C++: it reads a guest from a text file that describes it and lies beside
// its disks. Give it a name (here and in CMakeLists.txt) and replace the text file by what your
// hypervisor says. <v2v/input.hpp> says what each function is for, v2v/plugin.h has the details.
// Throw v2v::Error for a failure.
//
//     name = web server
//     memory = 2048                                    MiB
//     vcpus = 2
//     disk = qcow2 root.qcow2                          format and file, in the guest's order
//     nic = 52:54:00:12:34:56 default                  MAC address and network
//
// The source is only read, and each disk where it is. If you need a file of your own, make it in
// host_.run_directory(); a process that serves a disk ends in the destructor. What the source says
// comes from outside and may be hostile: numbers have bounds, a disk's format is told and never
// guessed, and no name leads out of the folder of the guest.
#include <v2v/input.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace {

namespace fs = std::filesystem;
using v2v::Code;
using v2v::Error;

constexpr std::uint64_t most_memory = std::uint64_t{64} << 20;  // MiB
constexpr std::uint64_t most_vcpus = 1024;
constexpr std::uintmax_t most_bytes = 65536;  // of the description

class MySource : public v2v::Input {
 public:
  MySource(v2v::Host host, v2v::InputRequest request) : host_(host), request_(std::move(request)) {}

  v2v::Source open() override {
    check_request();
    std::ifstream file(open_description());
    v2v::Source source;
    source.hypervisor = "mysource";
    source.memory = std::uint64_t{2048} << 20;
    for (std::string line; std::getline(file, line);) {
      ++line_;
      read_line(line, source);
    }
    if (source.name.empty()) source.name = description_.stem().string();
    if (source.disks.empty())
      throw Error(Code::corrupt, "names no disk", description_.string(),
                  "add a line such as: disk = qcow2 root.qcow2");
    return source;
  }

 private:
  /// What the user gave and this plugin has no use for would be ignored without a word otherwise.
  void check_request() const {
    if (request_.arguments.size() != 1)
      throw Error(Code::usage, "needs one file", "-i mysource",
                  "name the guest's description: -i mysource GUEST.txt");
    for (const auto &[option, value] : {std::pair{"-ic", request_.connection},
                                        {"-it", request_.transport},
                                        {"-if", request_.format}})
      if (!value.empty())
        throw Error(Code::usage, "has no meaning for -i mysource", option, "leave it out");
  }

  /// @return the description's path; the disks lie beside it
  fs::path open_description() {
    std::error_code failure;
    description_ = fs::canonical(request_.arguments.front(), failure);
    if (failure)
      throw Error(Code::not_found, "cannot be found: " + failure.message(),
                  request_.arguments.front(), "check the name");
    if (!fs::is_regular_file(description_) || fs::file_size(description_) > most_bytes)
      throw Error(Code::corrupt, "is no description of a guest", description_.string(),
                  "name the text file that lies beside the disks");
    if (!std::ifstream(description_))
      throw Error(Code::access, "cannot be read", description_.string(),
                  "give yourself the right to read it");
    return description_;
  }

  void read_line(const std::string &line, v2v::Source &source) const {
    std::istringstream words(line);
    std::string key, equals, value;
    if (!(words >> key) || key.front() == '#') return;
    if (!(words >> equals) || equals != "=" || !std::getline(words >> std::ws, value))
      wrong("is not of the form KEY = VALUE");
    if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < ' '; }))
      wrong("has a control character");
    if (key == "name")
      source.name = value;
    else if (key == "memory")
      source.memory = number(value, most_memory) << 20;
    else if (key == "vcpus")
      source.vcpus = static_cast<unsigned>(number(value, most_vcpus));
    else if (key == "disk")
      source.disks.push_back(disk(value));
    else if (key == "nic")
      source.nics.push_back(nic(value));
    else
      host_.warning(place() + ": '" + key + "' is not known and is ignored");
  }

  std::uint64_t number(const std::string &text, std::uint64_t most) const {
    std::uint64_t value = 0;
    const char *end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || value < 1 || value > most)
      wrong("needs a number from 1 to " + std::to_string(most));
    return value;
  }

  v2v::Disk disk(const std::string &text) const {
    static const std::string formats[] = {"raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx"};
    std::istringstream words(text);
    std::string format, name;
    words >> format;
    if (std::find(std::begin(formats), std::end(formats), format) == std::end(formats))
      wrong("needs the format first: raw, qcow2, vmdk, vdi, vpc or vhdx");
    std::getline(words >> std::ws, name);

    const fs::path folder = description_.parent_path();
    std::error_code failure;
    const fs::path path = fs::canonical(folder / name, failure);  // symbolic links resolved
    if (failure) wrong("names a disk that cannot be found: " + failure.message());
    if (*path.lexically_relative(folder).begin() == ".." || !fs::is_regular_file(path))
      wrong("names something that is no file in the guest's folder");

    v2v::Disk disk;
    disk.id = name;
    disk.location.path = path.string();
    disk.location.format = format;
    // An image may name other files as its own, such as a backing file: only if the user says so.
    disk.location.references = request_.allow_references;
    return disk;
  }

  v2v::Nic nic(const std::string &text) const {
    std::istringstream words(text);
    v2v::Nic nic;
    words >> nic.mac;
    std::getline(words >> std::ws, nic.network);
    for (char &c : nic.mac)
      if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    bool fits = nic.mac.size() == 17 && !nic.network.empty();
    for (std::size_t i = 0; i < nic.mac.size(); ++i)
      fits &= i % 3 == 2 ? nic.mac[i] == ':'
                         : std::string("0123456789abcdef").find(nic.mac[i]) != std::string::npos;
    if (!fits) wrong("needs a MAC address and a network");
    return nic;
  }

  std::string place() const { return description_.string() + ", line " + std::to_string(line_); }
  [[noreturn]] void wrong(const std::string &what) const {
    throw Error(Code::corrupt, what, place(), "put this line right and try again");
  }

  v2v::Host host_;
  v2v::InputRequest request_;
  fs::path description_;
  unsigned line_ = 0;  ///< that is being read, from 1
};

}  // namespace

V2V_REGISTER_INPUT(MySource, v2v::PluginInfo{"mysource", "0.1", "you", "my source", {}, {}})
