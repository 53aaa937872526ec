// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A small output plugin in C++: it copies each finished disk into a directory of the guest's own below
// that of -os. Give it a name (here and in CMakeLists.txt) and replace the copying by an upload.
// <v2v/output.hpp> says what each function is for, v2v/plugin.h has the details. Throw v2v::Error
// for a failure.
//
// Everything is made in a directory with a name that nobody can guess, which is in the journal before
// it exists; commit gives it its final name in one step. So a failure leaves nothing behind, and
// abort can remove nothing that somebody else made.
#include <v2v/output.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>

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
    description.modes = v2v::mode_bit(v2v::Target::Mode::plugin_takes);
    description.parallel_disks = 1;  // more: take is called for several disks at once
    description.destination = "-o mytarget -os " + request_.storage;
    return description;
  }

  /// Log in, look for name clashes and space: failing here costs a second.
  void precheck(const v2v::Metadata &metadata) override {
    if (!fs::is_directory(request_.storage))
      throw Error(Code::not_found, "is not a directory", request_.storage, "create it");
    refuse_if_there(final_directory(metadata.name));
  }

  std::vector<v2v::Target> prepare(const v2v::Metadata &metadata) override {
    std::random_device random;
    work_ = fs::absolute(request_.storage) /
            (".mytarget-" + std::to_string(random()) + std::to_string(random()));
    host_.journal(work_.string());  // before it is created: abort() gets it back after a failure
    if (!fs::create_directory(work_))
      throw Error(Code::exists, "is already there", work_.string(), "try again");
    v2v::Target target;
    target.mode = v2v::Target::Mode::plugin_takes;
    return std::vector<v2v::Target>(metadata.disks.size(), target);
  }

  void take(const v2v::TakeRequest &request) override {
    const auto &disk = request.metadata.disks.at(request.disk);
    copy(request, work_ / ("disk" + std::to_string(disk.index) + "." + disk.format));
  }

  /// Create the machine. All or nothing.
  void commit(const v2v::Metadata &metadata) override {
    const auto final = final_directory(metadata.name);
    std::error_code failure;
    fs::rename(work_, final, failure);  // replaces nothing but an empty directory
    if (failure)
      throw Error(Code::exists, "cannot be given to the finished guest: " + failure.message(),
                  final.string(), "remove what is there, or choose another name with -on");
    host_.info(metadata.name + " is ready in " + final.string());
  }

  /// After a failure or a crash, in a new process: remove what the records name. What is not there
  /// is no error.
  static void abort(const v2v::Host &, const std::vector<std::string> &records) {
    for (const auto &directory : records) fs::remove_all(directory);
  }

 private:
  /// A guest's name comes from outside and may hold anything.
  fs::path final_directory(std::string name) const {
    for (char &c : name)
      if (c == '/' || static_cast<unsigned char>(c) < ' ') c = '_';
    if (name.empty() || name.front() == '.') name.insert(0, 1, '_');
    return fs::absolute(request_.storage) / name;
  }

  static void refuse_if_there(const fs::path &path) {
    if (fs::symlink_status(path).type() != fs::file_type::not_found)
      throw Error(Code::exists, "is already there", path.string(),
                  "remove it, or choose another name with -on");
  }

  void copy(const v2v::TakeRequest &request, const fs::path &to) const {
    const fs::path from = request.image.path;
    std::ifstream source(from, std::ios::binary);
    std::ofstream target(to, std::ios::binary);
    const std::uint64_t total = fs::file_size(from);
    std::vector<char> buffer(std::size_t{1} << 20);
    for (std::uint64_t done = 0; done < total;) {
      host_.check_cancelled();
      source.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
      target.write(buffer.data(), source.gcount());
      done += static_cast<std::uint64_t>(source.gcount());
      host_.progress(request.disk, done, total);
      if (source.gcount() == 0 || !target)
        throw Error(Code::io, "cannot be copied", to.string(), "see whether the disk is full");
    }
    target.close();
    if (!target)
      throw Error(Code::io, "cannot be written", to.string(), "see whether the disk is full");
  }

  v2v::Host host_;
  v2v::OutputRequest request_;
  fs::path work_;  ///< what becomes the final directory
};

}  // namespace

V2V_REGISTER_OUTPUT(MyTarget, v2v::PluginInfo{"mytarget", "0.1", "you", "my target", {}, {}})
