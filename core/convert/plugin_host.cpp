// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/plugin_host.hpp>

#include <fmt/format.h>

#include <string_view>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace v2v::core {
namespace {

std::string read_secret_file(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    throw Error(Code::access, fmt::format("cannot read the secret: {}", std::strerror(errno)), path,
                "check the name and its permissions");
  std::string text;
  std::getline(file, text);
  return text;
}

/// The phase of the progress that a call reports.
const char *phase_of(const std::string &call) {
  if (call == "open") return "unpack";
  if (call == "verify") return "verify";
  if (call == "prepare") return "prepare";
  if (call == "take" || call == "read") return "upload";
  if (call == "commit") return "commit";
  return "copy";
}

}  // namespace

PluginHost::PluginHost(const LoadedPlugin &plugin, PluginEnvironment &environment, Options options)
    : plugin_(plugin), environment_(environment), options_(std::move(options)) {
  table_.size = sizeof table_;
  table_.abi_minor = V2V_ABI_MINOR;
  table_.version = V2V_VERSION;
  table_.context = this;
  table_.log = log;
  table_.progress = progress;
  table_.cancelled = cancelled;
  table_.set_error = set_error;
  table_.run_directory = run_directory;
  table_.secret = secret;
  table_.journal = journal;
  table_.get_extension = get_extension;
}

void PluginHost::call(const std::string &name, const std::function<v2v_status()> &body,
                      std::optional<unsigned> disk) {
  v2v_status status = V2V_OK;
  call_void(
      name, [&] { status = body(); }, disk);
  if (status != V2V_OK) throw error_of(name, status);
}

void PluginHost::call_void(const std::string &name, const std::function<void()> &body,
                           std::optional<unsigned> disk) {
  // What an earlier call complained of and then got over is not the reason of this one.
  forget_error();
  begin_phase(phase_of(name), disk);
  const auto id = environment_.journal.call_begins(
      fmt::format("{}: {}{}", plugin_.path.filename().string(), name,
                  disk ? fmt::format(" of disk {}", *disk + 1) : ""));
  body();
  environment_.journal.call_ends(id);
}

std::optional<Error> PluginHost::complaint() {
  const std::lock_guard lock(mutex_);
  const auto found = errors_.find(std::this_thread::get_id());
  if (found == errors_.end()) return std::nullopt;
  return found->second;
}

Error PluginHost::error_of(const std::string &name, v2v_status status) {
  if (auto given = complaint()) return *given;
  if (status == V2V_E_CANCELLED && stopping())
    return Error(Code::cancelled, "the conversion was cancelled");
  return Error(Code::internal,
               fmt::format("{} failed with status {} and gave no reason", name, status),
               plugin_.path.string(), "report this to the plugin's vendor");
}

void PluginHost::begin_phase(const char *phase, std::optional<unsigned> disk) {
  const std::lock_guard lock(mutex_);
  if (disk)
    disk_phases_[*disk] = phase;
  else
    phase_ = phase;
}

void PluginHost::forget_error() {
  const std::lock_guard lock(mutex_);
  errors_.erase(std::this_thread::get_id());
}

PluginHost &PluginHost::self(const v2v_host *host) noexcept {
  return *static_cast<PluginHost *>(host->context);
}

void PluginHost::log(const v2v_host *host, std::int32_t level, const char *message) noexcept {
  if (!message) return;
  auto &reporter = self(host).environment_.reporter;
  if (level >= V2V_LOG_WARNING)
    reporter.warning(message);
  else if (level == V2V_LOG_INFO)
    reporter.info(message);
  else
    reporter.debug(message);
}

void PluginHost::progress(const v2v_host *host, std::uint32_t disk, std::uint64_t done,
                          std::uint64_t total) noexcept {
  auto &me = self(host);
  const char *phase = nullptr;
  {
    const std::lock_guard lock(me.mutex_);
    const auto found = me.disk_phases_.find(disk);
    phase = found == me.disk_phases_.end() ? me.phase_ : found->second;
  }
  me.environment_.reporter.progress({phase, disk + 1, me.disks_, done, total});
}

std::int32_t PluginHost::cancelled(const v2v_host *host) noexcept {
  const auto &me = self(host);
  return me.stopping() ? 1 : 0;
}

void PluginHost::set_error(const v2v_host *host, const v2v_error *error) noexcept {
  if (!error) return;
  auto &me = self(host);
  const std::lock_guard lock(me.mutex_);
  me.errors_.insert_or_assign(std::this_thread::get_id(), from_c(*error));
}

const char *PluginHost::run_directory(const v2v_host *host) noexcept {
  return self(host).environment_.run_directory.c_str();
}

v2v_status PluginHost::secret(const v2v_host *host, const v2v_secret_request *request,
                              const char **value) noexcept {
  if (!request || !value) return V2V_E_USAGE;
  auto &me = self(host);
  return guarded(Host(host), [&] {
    V2V_REQUIRE(v2v_secret_request, request, prompt);
    auto found = me.find_secret(detail::text(request->option), detail::text(request->prompt));
    const std::lock_guard lock(me.mutex_);
    *value = found ? me.secrets_.emplace_back(std::move(*found)).c_str() : nullptr;
  });
}

std::optional<std::string> PluginHost::find_secret(const std::string &name,
                                                   const std::string &prompt) const {
  if (const auto file = options_.get(name)) return read_secret_file(*file);
  if (environment_.ask_secret && !prompt.empty()) return environment_.ask_secret(prompt);
  return std::nullopt;
}

v2v_status PluginHost::journal(const v2v_host *host, const char *record) noexcept {
  auto &me = self(host);
  if (!record) return V2V_E_USAGE;
  return guarded(Host(host), [&] {
    // Clean-up hands records to abort, which only outputs have.
    if (me.plugin_.kind != Kind::output)
      throw Error(Code::unsupported, "only an output can put records into the journal",
                  me.plugin_.path.string(),
                  "let the plugin create what it needs in the run directory: report this to its "
                  "vendor");
    me.environment_.journal.abort_record(me.plugin_.path, record);
  });
}

void PluginHost::step(const v2v_host *host, const char *text) noexcept {
  if (text) self(host).environment_.reporter.step(text);
}

const void *PluginHost::get_extension(const v2v_host *, const char *id) noexcept {
  static constexpr v2v_host_changes changes = {sizeof(v2v_host_changes), 0, change};
  static constexpr v2v_host_step steps = {sizeof(v2v_host_step), 0, step};
  const std::string_view wanted = id ? id : "";
  if (wanted == V2V_HOST_CHANGES) return &changes;
  return wanted == V2V_HOST_STEP ? &steps : nullptr;
}

void PluginHost::change(const v2v_host *host, const v2v_change *change) noexcept {
  if (!change || !V2V_HAS(v2v_change, change, reason)) return;
  if (!change->object || !change->change || !change->reason) return;
  self(host).environment_.reporter.change({change->object, change->change, change->reason});
}

}  // namespace v2v::core
