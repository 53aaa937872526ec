// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See initramfs_graft.hpp.
#include "cpio.hpp"
#include "module_index.hpp"
#include "modules_dep.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/initramfs_check.hpp>
#include <v2v/linux/initramfs_graft.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace v2v::linux {
namespace {

/// Collects the entries of the new archive. Names are resolved through the links of the original:
/// an entry below a directory that is a link there (lib -> usr/lib) would make the kernel replace
/// the link by a directory, and everything behind it would be gone.
class NewArchive {
 public:
  explicit NewArchive(const InitramfsArchive &original) : original_(original) {}

  void add(const InitramfsFile &file) {
    const auto path = original_.resolve(file.path);
    if (!path || *path == "/" || !is_plain_relative(path->substr(1)))
      throw Error(Code::corrupt, "not a file name for an initramfs", file.path);
    const auto entry = original_.entries().find(*path);
    if (entry != original_.entries().end() && entry->second.type != InitramfsEntry::Type::file)
      throw Error(Code::corrupt, "something that is no file is in the way", *path,
                  original_.name());
    add_parents(*path);
    files_.push_back({path->substr(1), InitramfsEntry::Type::file, file.content, file.mode});
  }

  std::string write() const { return write_cpio(files_); }

 private:
  /// Directories that the original has keep their modes and are not mentioned.
  void add_parents(const std::string &path) {
    const auto directory = parent_path(path);
    if (directory == "/" || made_.count(directory)) return;
    const auto entry = original_.entries().find(directory);
    if (entry != original_.entries().end()) {
      if (entry->second.type == InitramfsEntry::Type::directory) return;
      throw Error(Code::corrupt, "something that is no directory is in the way", directory,
                  original_.name());
    }
    add_parents(directory);
    made_.insert(directory);
    files_.push_back({directory.substr(1), InitramfsEntry::Type::directory, "", 0755});
  }

  const InitramfsArchive &original_;
  std::set<std::string> made_;
  std::vector<CpioFile> files_;
};

/// The files of the modules and of all they need, as the guest's modules.dep has them.
std::set<std::string> closure(const ModulesDep &dep, const std::vector<std::string> &modules,
                              const std::string &directory) {
  std::set<std::string> files;
  for (const auto &module : modules) {
    const auto file = dep.file_of(module);
    if (file.empty())
      throw Error(Code::corrupt, fmt::format("it does not list the module {}", module),
                  directory + "/modules.dep", "run depmod in the guest");
    files.insert(file);
    files.insert(dep.needs(file).begin(), dep.needs(file).end());
  }
  return files;
}

/// The modules of the archive and what depmod wants to know of the built-in ones.
ModuleFiles module_files(const InitramfsArchive &archive, const std::string &directory) {
  ModuleFiles files;
  const auto prefix = directory + "/";
  const auto &entries = archive.entries();
  for (auto it = entries.lower_bound(prefix);
       it != entries.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
    const auto path = it->first.substr(prefix.size());
    const bool list =
        path == "modules.order" || path == "modules.builtin" || path == "modules.builtin.modinfo";
    if (it->second.type == InitramfsEntry::Type::file && (list || !module_name(path).empty()))
      files.emplace(path, it->second.content);
  }
  return files;
}

/// A depmod that cannot unpack the modules makes an index without what they need, and succeeds.
void check_index(const std::map<std::string, std::string> &index, const Kernel &kernel,
                 const std::set<std::string> &files, const ModulesDep &guest_dep) {
  const auto text = index.find("modules.dep");
  const ModulesDep made(text == index.end() ? "" : text->second, kernel.version);
  for (const auto &file : files) {
    const auto &needs = made.needs(file);
    for (const auto &needed : guest_dep.needs(file))
      if (std::find(needs.begin(), needs.end(), needed) == needs.end())
        throw Error(Code::unsupported, fmt::format("it did not see that {} needs {}", file, needed),
                    "depmod", "install a kmod that can read the guest's compressed modules");
  }
}

void add_modules(NewArchive &out, const InitramfsArchive &archive, Guest &guest,
                 const Kernel &kernel, const std::vector<std::string> &modules,
                 const std::string &run_directory) {
  const auto &source = kernel.modules_directory;
  const ModulesDep dep(guest.read(source + "/modules.dep"), kernel.version);
  const auto wanted = closure(dep, modules, source);
  const auto directory = modules_directory(archive, kernel.version);
  auto files = module_files(archive, directory);
  std::vector<std::string> to_read;
  for (const auto &file : wanted)
    if (!files.count(file)) to_read.push_back(join_path(source, file));
  guest.preload_files(to_read);
  std::map<std::string, std::string> added;
  for (const auto &file : wanted)
    if (!files.count(file)) added[file] = guest.read(join_path(source, file));
  for (const auto &[file, content] : added) files.emplace(file, content);
  const auto index = make_module_index(files, kernel.version, run_directory);
  check_index(index, kernel, wanted, dep);
  for (const auto &[file, content] : added) out.add({join_path(directory, file), content});
  for (const auto &[name, content] : index) out.add({join_path(directory, name), content});
}

/// The list of modules that initramfs-tools loads first, with what finds the disk. udev would load
/// them as well; but an initramfs that came with a list may have been made to do without it.
void add_module_list(NewArchive &out, const InitramfsArchive &archive, const Kernel &kernel) {
  std::string text(archive.read("/conf/modules").value_or(""));
  std::set<std::string> listed;
  std::istringstream lines(text);
  for (std::string word; lines >> word;) listed.insert(word);
  std::string added;
  for (const char *module : {"virtio_pci", "virtio_blk"})
    if (kernel.has_module(module) && !listed.count(module)) added += std::string(module) + "\n";
  if (added.empty()) return;
  if (!text.empty() && text.back() != '\n') text += '\n';
  out.add({"/conf/modules", text + added});
}

}  // namespace

std::string graft_obstacle(const InitramfsArchive &archive) {
  const auto kind = initramfs_kind(archive);
  if (kind != InitramfsKind::initramfs_tools && kind != InitramfsKind::dracut)
    return fmt::format("it is of the kind {}, not initramfs-tools or dracut", kind_name(kind));
  const auto &last = archive.segments().back();
  if (!last.readable_on)
    return fmt::format("not every kernel reads on behind an archive packed with {}", last.packing);
  return "";
}

std::string make_graft(const InitramfsArchive &archive, Guest &guest, const Kernel &kernel,
                       const std::vector<std::string> &modules,
                       const std::vector<InitramfsFile> &files, const std::string &run_directory) {
  NewArchive out(archive);
  if (!modules.empty()) {
    add_modules(out, archive, guest, kernel, modules, run_directory);
    // dracut's udev finds what it needs in the indexes.
    if (initramfs_kind(archive) == InitramfsKind::initramfs_tools)
      add_module_list(out, archive, kernel);
  }
  for (const auto &file : files) out.add(file);
  const auto padding = static_cast<std::size_t>(-archive.image_size() & 3u);
  return std::string(padding, '\0') + out.write();
}

}  // namespace v2v::linux
