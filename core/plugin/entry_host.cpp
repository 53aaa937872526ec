// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/entry_host.hpp>

#include <v2v/exchange.hpp>

#include <fmt/format.h>

#include <optional>

namespace v2v::core {
namespace {

struct EntryCall {
  Reporter *reporter = nullptr;
  std::optional<Error> error = {};
};
/// The entry call under way in this thread.
thread_local EntryCall *current = nullptr;

class Entering {
 public:
  explicit Entering(EntryCall &call) { current = &call; }
  ~Entering() { current = nullptr; }
  Entering(const Entering &) = delete;
  Entering &operator=(const Entering &) = delete;
};

void log(const v2v_host *, std::int32_t level, const char *message) noexcept {
  if (!current || !message) return;
  if (level == V2V_LOG_WARNING)
    current->reporter->warning(message);
  else if (level == V2V_LOG_INFO)
    current->reporter->info(message);
  else
    current->reporter->debug(message);
}

void set_error(const v2v_host *, const v2v_error *error) noexcept {
  if (current && error) current->error = from_c(*error);
}

const v2v_host entry_host = {
    sizeof(v2v_host),
    V2V_ABI_MINOR,
    V2V_VERSION,
    nullptr,
    log,
    [](const v2v_host *, std::uint32_t, std::uint64_t, std::uint64_t) {},
    [](const v2v_host *) -> std::int32_t { return 0; },
    set_error,
    [](const v2v_host *) -> const char * { return nullptr; },
    [](const v2v_host *, const v2v_secret_request *, const char **) -> v2v_status {
      return V2V_E_INTERNAL;
    },
    // Nothing is created while a plugin is loaded, so there is nothing to write down.
    [](const v2v_host *, const char *) -> v2v_status { return V2V_E_INTERNAL; },
    [](const v2v_host *, const char *) -> const void * { return nullptr; },
};

}  // namespace

const v2v_plugin *call_entry(v2v_plugin_entry entry, const std::filesystem::path &file,
                             Reporter &reporter) {
  EntryCall call{&reporter};
  const v2v_plugin *plugin = nullptr;
  try {
    const Entering entering(call);
    plugin = entry(&entry_host);
  } catch (...) {
    throw Error(Code::internal, "the plugin let an exception escape from its entry", file.string(),
                "report it to the plugin's vendor");
  }
  if (plugin) return plugin;
  if (!call.error)
    throw Error(Code::unsupported, "the plugin refuses to load and gives no reason", file.string(),
                "report it to the plugin's vendor");
  const Error &given = *call.error;
  std::string reason = given.failure();
  if (!given.object().empty()) reason = fmt::format("{}: {}", given.object(), reason);
  throw Error(given.code(), "the plugin refuses to load: " + reason, file.string(), given.remedy());
}

}  // namespace v2v::core
