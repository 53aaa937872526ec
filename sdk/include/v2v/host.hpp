// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a plugin may ask of the host. A Host is a small handle that is copied freely; it is valid as
// long as the instance it was given to. Every function may be called from any thread.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace v2v {

/// A call to the host failed, and the host knows why: the status goes back to it as it is.
struct Told {
  v2v_status status;
};

class Host {
 public:
  explicit Host(const v2v_host *host) : host_(host) {}

  /// Shown with -v.
  void debug(const std::string &message) const { log(V2V_LOG_DEBUG, message); }
  /// Something a person wants to know.
  void info(const std::string &message) const { log(V2V_LOG_INFO, message); }
  /// The conversion goes on, but a person should look.
  void warning(const std::string &message) const { log(V2V_LOG_WARNING, message); }

  /// What begins now, as the host says its own steps; a host that cannot takes it as an info.
  void step(const std::string &text) const {
    const auto *steps = static_cast<const v2v_host_step *>(extension(V2V_HOST_STEP));
    if (steps && V2V_HAS(v2v_host_step, steps, step))
      steps->step(host_, text.c_str());
    else
      info(text);
  }

  /// Bytes done of a disk (from 0). May be called often.
  void progress(unsigned disk, std::uint64_t done, std::uint64_t total) const {
    host_->progress(host_, disk, done, total);
  }
  /// Converters: what was changed in the guest, and why, for the report of the conversion.
  void change(const std::string &object, const std::string &what, const std::string &reason) const {
    const auto *changes = static_cast<const v2v_host_changes *>(extension(V2V_HOST_CHANGES));
    if (!changes) return;
    v2v_change c{};
    c.size = sizeof c;
    c.object = object.c_str();
    c.change = what.c_str();
    c.reason = reason.c_str();
    changes->change(host_, &c);
  }
  bool cancelled() const { return host_->cancelled(host_) != 0; }
  /// @throws Error(cancelled) when the user wants to stop
  void check_cancelled() const {
    if (cancelled()) throw Error(Code::cancelled, "the conversion was cancelled");
  }

  /// Absolute path of a private directory that disappears with the conversion.
  std::string run_directory() const { return host_->run_directory(host_); }

  /// The secret in the file that the declared option `option` names, or typed at `prompt` on a
  /// terminal (empty: nobody is asked). Only in a call, on its thread. Never log it.
  /// @return nothing if there is none
  /// @throws Told if the file cannot be read
  std::optional<std::string> secret(const std::string &option, const std::string &prompt) const {
    v2v_secret_request request{};
    request.size = sizeof request;
    request.option = option.c_str();
    request.prompt = prompt.empty() ? nullptr : prompt.c_str();
    const char *value = nullptr;
    throw_if_told(host_->secret(host_, &request, &value));
    if (!value) return std::nullopt;
    return std::string(value);
  }

  /// Outputs: puts one line into the journal BEFORE something is created outside the run
  /// directory. After a failure or a crash abort() gets it back.
  /// @throws Told if it cannot be written, or if this is no output
  void journal(const std::string &record) const {
    throw_if_told(host_->journal(host_, record.c_str()));
  }

  void set_error(const Error &error) const noexcept {
    v2v_error c{};
    c.size = sizeof c;
    c.code = static_cast<v2v_status>(error.code());
    c.what = error.failure().c_str();
    c.object = error.object().empty() ? nullptr : error.object().c_str();
    c.remedy = error.remedy().empty() ? nullptr : error.remedy().c_str();
    host_->set_error(host_, &c);
  }
  /// A table of further functions, or null.
  const void *extension(const char *id) const { return host_->get_extension(host_, id); }

 private:
  static void throw_if_told(v2v_status status) {
    if (status != V2V_OK) throw Told{status};
  }
  void log(std::int32_t level, const std::string &message) const {
    host_->log(host_, level, message.c_str());
  }

  const v2v_host *host_;
};

/// Runs `body` and turns whatever it throws into a status at the edge of the plugin.
template <class Body>
v2v_status guarded(const Host &host, Body body) noexcept {
  try {
    body();
    return V2V_OK;
  } catch (const Told &told) {
    return told.status;
  } catch (const Error &error) {
    host.set_error(error);
    return static_cast<v2v_status>(error.code());
  } catch (const std::exception &error) {
    // what() may be all there is; a defect, so the remedy is to report it.
    try {
      host.set_error(Error(Code::internal, error.what(), {}, "report this to the plugin's vendor"));
    } catch (...) {
    }
  } catch (...) {
  }
  return V2V_E_INTERNAL;
}

}  // namespace v2v
