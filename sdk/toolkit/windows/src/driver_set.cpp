// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/driver_set.hpp>

#include <v2v/windows/driver_choice.hpp>
#include <v2v/windows/inf_file.hpp>
#include <v2v/windows/pe_file.hpp>

#include <v2v/text/printable.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <utility>

namespace v2v::windows {
namespace {

namespace fs = std::filesystem;

bool has_extension(const std::string &name, const std::string &extension) {
  return fs::path(name).extension() == extension;
}

/// Empty if the file is no INF's size.
std::string read_inf(const std::string &file) {
  constexpr std::size_t most = 1 << 20;
  std::string content(most, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(content.data(), static_cast<std::streamsize>(most));
  content.resize(static_cast<std::size_t>(stream.gcount()));
  return content.size() == most ? "" : content;
}

/// Works on the names of one directory and takes out what is not to stay.
class Survey {
 public:
  Survey(const std::string &directory, const DriverWishes &wishes, const std::string &place,
         const text::Log &log)
      : directory_(directory), wishes_(wishes), place_(text::printable(place)), log_(log) {
    for (const auto &entry : fs::directory_iterator(directory_))
      files_.insert(entry.path().filename().string());
  }

  DriverSet run() {
    resolve_firmware_conflict();
    drop_foreign_drivers();
    read_packages();
    return result();
  }

 private:
  bool has(const std::string &name) const { return files_.count(name) != 0; }

  void remove(const std::string &name) {
    fs::remove(fs::path(directory_) / name);
    files_.erase(name);
  }

  std::vector<std::string> with_extension(const std::string &extension) const {
    std::vector<std::string> names;
    for (const auto &name : files_)
      if (has_extension(name, extension)) names.push_back(name);
    return names;
  }

  /// Two drivers for QEMU's fw_cfg device: the real one, and one that only gives the device a name.
  void resolve_firmware_conflict() {
    if (!has("fwcfg.inf") || !has("qemufwcfg.inf")) return;
    const auto all = files_;
    for (const auto &name : all)
      if (name.rfind("qemufwcfg.", 0) == 0) remove(name);
  }

  /// Takes out each .sys that is not for the guest's processor; the packages that need it go then.
  void drop_foreign_drivers() {
    for (const auto &name : with_extension(".sys")) {
      const auto arch = pe_architecture_of((fs::path(directory_) / name).string());
      if (arch == wishes_.arch) continue;
      log_.warning("the driver " + text::printable(name) + " of " + place_ +
                   " is left out: it is " +
                   (arch.empty() ? "not a Windows driver, but damaged" : "for " + arch) +
                   ", and the guest needs one for " + wishes_.arch);
      remove(name);
    }
  }

  void read_packages() {
    std::set<std::string> leaving, staying;
    for (const auto &name : with_extension(".inf")) {
      const auto inf = parse_inf(read_inf((fs::path(directory_) / name).string()), wishes_.arch);
      const auto lack = inf ? missing_of(*inf) : name + " is not an INF file";
      auto &files = lack.empty() ? staying : leaving;
      if (inf) files.insert(inf->files.begin(), inf->files.end());
      files.insert(name);
      if (lack.empty()) {
        packages_.push_back({name, {inf->files.begin(), inf->files.end()}});
      } else {
        log_.warning(
            "the driver " + text::printable(name) + " of " + place_ +
            " is left out, because Windows could not install it: " + text::printable(lack));
      }
    }
    for (const auto &name : leaving)
      if (has(name) && staying.count(name) == 0) remove(name);
  }

  std::string missing_of(const InfFile &inf) const {
    std::string list;
    for (const auto &file : inf.files)
      if (!has(file)) list += (list.empty() ? "" : ", ") + file;
    return list.empty() ? "" : list + " is missing";
  }

  DriverSet result() {
    DriverSet set;
    for (const auto &name : block_drivers(wishes_.prefer_scsi))
      if (set.block.empty() && has(name + ".sys")) set.block = name;
    for (const auto *inf : {"virtio_net.inf", "netkvm.inf"})
      if (set.net.empty() && has(inf)) set.net = inf;
    set.rng = has("viorng.inf");
    set.balloon = has("balloon.inf");
    set.pvpanic = has("pvpanic.inf");
    set.vsock = has("viosock.inf");
    set.balloon_server = has("blnsvr.exe");
    set.packages = std::move(packages_);
    const auto block_file = set.block + ".sys";
    for (auto &package : set.packages)
      package.required = package.inf == set.net ||
                         std::binary_search(package.files.begin(), package.files.end(), block_file);
    std::stable_partition(set.packages.begin(), set.packages.end(),
                          [](const auto &package) { return package.required; });
    set.files.assign(files_.begin(), files_.end());
    return set;
  }

  const std::string directory_;
  const DriverWishes &wishes_;
  const std::string place_;
  const text::Log &log_;
  std::set<std::string> files_;
  std::vector<DriverPackage> packages_;
};

/// One warning each for what the guest will feel.
void warn_of_gaps(const DriverSet &set, const DriverWishes &wishes, const VirtioWin &virtio_win,
                  const text::Log &log) {
  const auto where = " for " + text::printable(windows_name(wishes.osinfo)) + " on " + wishes.arch +
                     " in " + text::printable(virtio_win.place());
  const std::string remedy =
      "; set VIRTIO_WIN to the ISO or directory of a complete virtio-win, and convert again";
  if (set.block.empty())
    log.warning("no virtio disk driver (virtio_blk, vrtioblk or viostor)" + where +
                ": the guest's disks will be on IDE, which is slow" + remedy);
  else if (wishes.prefer_scsi && !set.is_scsi())
    log.warning("no virtio-scsi driver (vioscsi)" + where +
                ": the guest's disks will be on virtio-blk" + remedy);
  if (set.net.empty())
    log.warning("no virtio network driver (virtio_net or netkvm)" + where +
                ": the guest's network card will be an RTL8139, which is slow" + remedy);
}

}  // namespace

DriverSet survey_drivers(const std::string &directory, const DriverWishes &wishes,
                         const std::string &place, const text::Log &log) {
  return Survey(directory, wishes, place, log).run();
}

DriverSet gather_drivers(const VirtioWin &virtio_win, const DriverWishes &wishes,
                         const std::string &directory, const text::Log &log) {
  const auto chosen = choose_drivers(virtio_win.paths(), wishes.osinfo, wishes.arch);
  if (chosen.empty()) {
    log.warning(missing_drivers_message(virtio_win, wishes.osinfo, wishes.arch));
    return {};
  }
  log.debug(std::to_string(chosen.size()) + " files of virtio drivers from " +
            text::printable(virtio_win.place()));
  virtio_win.extract(chosen, directory);
  auto set = survey_drivers(directory, wishes, virtio_win.place(), log);
  warn_of_gaps(set, wishes, virtio_win, log);
  return set;
}

}  // namespace v2v::windows
