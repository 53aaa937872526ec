// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A small output plugin in C++: it copies each finished disk into the directory of -os. Give it a
// name (here and in CMakeLists.txt) and replace the copying by an upload. <v2v/output.hpp> says
// what each function is for, v2v/plugin.h has the details. Throw v2v::Error for a failure.
#include <v2v/output.hpp>

#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using v2v::Code;
using v2v::Error;

class MyTarget : public v2v::Output {
 public:
  MyTarget(v2v::Host host, v2v::OutputRequest request) : host_(host), request_(std::move(request)) {
    if (request_.storage.empty())
      throw Error(Code::usage, "no directory is given", "-o mytarget", "add -os DIRECTORY");
  }

  v2v::OutputDescription describe() override {
    v2v::OutputDescription description;
    description.formats = {"qcow2", "raw"};  // the preferred one first
    description.destination = "-o mytarget -os " + request_.storage;
    return description;
  }

  /// Log in, look for name clashes and space: failing here costs a second.
  void precheck(const std::string &, const v2v::Source &,
                const std::vector<v2v::TargetDisk> &) override {
    if (!fs::is_directory(request_.storage))
      throw Error(Code::not_found, "is not a directory", request_.storage, "create it");
  }

  std::vector<v2v::Target> prepare(const std::string &name,
                                   const std::vector<v2v::TargetDisk> &disks) override {
    v2v::Target target;
    target.mode = v2v::Target::Mode::plugin_takes;
    for (const auto &disk : disks)
      paths_.push_back(fs::absolute(request_.storage) / file_name(name, disk));
    return std::vector<v2v::Target>(disks.size(), target);
  }

  void take(unsigned disk, const v2v::Location &image) override {
    const fs::path &path = paths_.at(disk);
    if (fs::exists(path)) throw Error(Code::exists, "is already there", path.string(), "remove it");
    host_.journal(path.string());  // before it is created: abort() gets it back after a failure
    copy(disk, image.path, path);
  }

  /// Create the machine. All or nothing.
  void commit(const v2v::Metadata &metadata) override {
    host_.info(metadata.name + " is ready in " + request_.storage);
  }

  /// After a failure or a crash, in a new process: remove what the records name. What is not there
  /// is no error.
  static void abort(const v2v::Host &, const std::vector<std::string> &records) {
    for (const auto &path : records) fs::remove(path);
  }

 private:
  /// A guest's name comes from outside and may hold anything.
  static std::string file_name(std::string name, const v2v::TargetDisk &disk) {
    for (char &c : name)
      if (c == '/' || static_cast<unsigned char>(c) < ' ') c = '_';
    return name + "-disk" + std::to_string(disk.index) + "." + disk.format;
  }

  void copy(unsigned disk, const fs::path &from, const fs::path &to) const {
    std::ifstream source(from, std::ios::binary);
    std::ofstream target(to, std::ios::binary);
    const std::uint64_t total = fs::file_size(from);
    std::vector<char> buffer(std::size_t{1} << 20);
    for (std::uint64_t done = 0; done < total;) {
      host_.check_cancelled();
      source.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      target.write(buffer.data(), source.gcount());
      done += static_cast<std::uint64_t>(source.gcount());
      host_.progress(disk, done, total);
      if (source.gcount() == 0 || !target)
        throw Error(Code::io, "cannot be copied", to.string(), "see whether the disk is full");
    }
    target.close();
    if (!target)
      throw Error(Code::io, "cannot be written", to.string(), "see whether the disk is full");
  }

  v2v::Host host_;
  v2v::OutputRequest request_;
  std::vector<fs::path> paths_;
};

}  // namespace

V2V_REGISTER_OUTPUT(MyTarget, v2v::PluginInfo{"mytarget", "0.1", "you", "my target", {}})
