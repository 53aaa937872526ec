// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/descriptor.hpp>
#include <core/plugin/elf_check.hpp>
#include <core/plugin/entry_host.hpp>
#include <core/plugin/library.hpp>
#include <core/plugin/load.hpp>
#include <core/plugin/vet.hpp>

#include <map>
#include <mutex>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

/// Never destroyed: plugins are in use up to the very end.
std::map<fs::path, LoadedPlugin> &loaded_plugins() {
  static auto &plugins = *new std::map<fs::path, LoadedPlugin>;
  return plugins;
}

}  // namespace

const LoadedPlugin &load_plugin(const fs::path &file, Reporter &reporter, Vetting vetting) {
  // One load at a time: the entry is called once, whoever asks first.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);

  const fs::path path = fs::absolute(file).lexically_normal();
  if (const auto known = loaded_plugins().find(path); known != loaded_plugins().end())
    return known->second;

  const auto id = parse_plugin_file_name(path.filename().string());
  if (!id)
    throw Error(Code::usage, "is not the name of a plugin", path.string(),
                "name it v2v-KIND-NAME.so, where KIND is input, convert or output and NAME is "
                "made of a-z, 0-9 and '-'");
  const fs::path real = vetting == Vetting::full ? vet(path) : path;
  check_elf(real);
  const v2v_plugin *descriptor = call_entry(open_plugin_entry(real), path, reporter);

  LoadedPlugin plugin;
  plugin.info = check_descriptor(*descriptor, *id, path);
  plugin.kind = id->kind;
  plugin.abi = abi_version(descriptor->abi_major, descriptor->abi_minor, draft_of(*descriptor));
  plugin.path = path;
  plugin.descriptor = descriptor;
  if (id->kind == Kind::input) plugin.input = descriptor->input;
  if (id->kind == Kind::convert) plugin.converter = descriptor->converter;
  if (id->kind == Kind::output) plugin.output = descriptor->output;
  return loaded_plugins().emplace(path, std::move(plugin)).first->second;
}

}  // namespace v2v::core
