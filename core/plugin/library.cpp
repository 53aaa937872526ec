// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Boost.DLL: the throwing constructor (the other loses the loader's reason), an absolute path, and
// the mode spelled out. A shared_library is moved, never copied: a copy opens again in another
// mode.
#define BOOST_DLL_USE_STD_FS
#include <core/plugin/descriptor.hpp>
#include <core/plugin/library.hpp>
#include <v2v/error.hpp>

#include <fmt/format.h>
#include <boost/dll/shared_library.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#define V2V_TEXT(name) #name
#define V2V_NAME(name) V2V_TEXT(name)

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using Library = boost::dll::shared_library;

constexpr const char *entry_name = V2V_NAME(V2V_PLUGIN_ENTRY);

/// Keeps a library open: its code may be running, and its descriptor be in use, up to the very
/// end. For the same reason the list is never destroyed.
void keep(Library library) {
  static std::mutex mutex;
  static auto &libraries = *new std::vector<Library>;
  const std::lock_guard lock(mutex);
  libraries.push_back(std::move(library));
}

/// The dynamic loader's own words in Boost.DLL's message, without the file's name.
std::string loader_reason(const std::string &message, const fs::path &file) {
  static const std::string mark = "dlerror system message: ";
  std::string reason = message;
  if (const auto start = message.find(mark); start != std::string::npos) {
    const auto end = message.rfind(')');
    reason = message.substr(start + mark.size(), end - start - mark.size());
  }
  const std::string name = file.string() + ": ";
  if (reason.starts_with(name)) reason.erase(0, name.size());
  return reason;
}

Error load_error(const std::string &reason, const fs::path &file) {
  const char *remedy = "report it to the plugin's vendor";
  if (reason.find("undefined symbol") != std::string::npos)
    remedy =
        "the plugin was linked without a library that it needs: report it to its vendor "
        "(linking with -Wl,-z,defs finds this)";
  else if (reason.find("cannot open shared object file") != std::string::npos)
    remedy = "install the library that it names";
  else if (reason.find("version `") != std::string::npos)
    remedy = "the plugin was built on a newer system: install the one for this system";
  return Error(Code::unsupported, "cannot be loaded: " + reason, file.string(), remedy);
}

Error no_entry(const Library &library, const fs::path &file) {
  // A later major version has another symbol: then the plugin is only too new for this host.
  for (unsigned major = V2V_ABI_MAJOR + 1; major < V2V_ABI_MAJOR + 10; ++major)
    if (library.has(fmt::format("v2v_plugin_entry_v{}", major)))
      return Error(
          Code::unsupported,
          fmt::format("is built for plugin ABI {}, and this v2v {} has ABI {}", major, V2V_VERSION,
                      abi_version(V2V_ABI_MAJOR, V2V_ABI_MINOR, V2V_ABI_DRAFT)),
          file.string(), "update v2v, or install an older release of the plugin");
  return Error(Code::unsupported, fmt::format("is no v2v plugin: it has no {}", entry_name),
               file.string(), "see whether it is the right file, and that it exports its entry");
}

}  // namespace

v2v_plugin_entry open_plugin_entry(const fs::path &file) {
  namespace dll = boost::dll;
  Library library;
  try {
    library = Library(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::exception &error) {
    throw load_error(loader_reason(error.what(), file), file);
  }
  if (!library.has(entry_name)) throw no_entry(library, file);
  const v2v_plugin_entry entry = &library.get<std::remove_pointer_t<v2v_plugin_entry>>(entry_name);
  keep(std::move(library));
  return entry;
}

}  // namespace v2v::core
