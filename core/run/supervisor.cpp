// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/supervisor.hpp>

#include <core/run/commit_registry.hpp>
#include <core/run/descendants.hpp>
#include <core/run/leftovers.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>

namespace v2v::core {
namespace {

// How long a child that was asked to stop may take before it is killed with all its helpers.
constexpr int grace_seconds = 3;
constexpr int abort_limit_seconds = 120;

constexpr int stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// The exit status of a child that stopped because it was asked to, which its parent reports.
constexpr int cancelled_status = 2;

// The child's, set by its signal handler.
Cancellation cancellation;

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// What nohup or a shell's background made ignored stays so: the kernel would deliver it to
// sigtimedwait all the same, because a blocked signal is never dropped.
sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (int number : stop_signals)
    if (!is_ignored(number)) ::sigaddset(&set, number);
  ::sigaddset(&set, SIGCHLD);
  return set;
}

// Runs `body` in a new process and returns its pid. Exit status 0: it returned; 1: it threw, and
// the error was reported; or cancelled_status.
pid_t fork_with(Reporter &reporter, const std::function<void()> &body) {
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw Error(Code::internal, fmt::format("cannot fork: {}", std::strerror(errno)));
  if (child > 0) return child;

  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  int status = 0;
  try {
    body();
  } catch (const Error &error) {
    // A plugin that gives up by itself says why; a wish to stop is reported by the parent.
    status = error.code() == Code::cancelled && cancellation.requested() ? cancelled_status : 1;
    if (status == 1) reporter.error(error);
  } catch (const std::exception &error) {
    reporter.error(Error(Code::internal, error.what(), {}, "this is a defect; report it"));
    status = 1;
  }
  std::fflush(nullptr);
  ::_exit(status);
}

// In the child: the parent passes one SIGTERM on; what the terminal sends to everybody is ignored,
// since the parent decides.
void install_child_signals(const sigset_t &watched) {
  for (int number : stop_signals) ::signal(number, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = [](int) { cancellation.request(); };
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigprocmask(SIG_UNBLOCK, &watched, nullptr);
}

struct Ended {
  int status = 0;      // as waitpid gives it
  int stopped_by = 0;  // the signal that asked to stop, or 0
};

// Waits for the child; signals that ask to stop are passed on, then enforced.
Ended wait_for(pid_t child, const sigset_t &watched) {
  Ended ended;
  timespec wait{3600, 0};
  for (;;) {
    if (::waitpid(child, &ended.status, WNOHANG) == child) return ended;
    const int number = ::sigtimedwait(&watched, nullptr, &wait);
    if (number == SIGCHLD || (number < 0 && errno == EINTR)) continue;
    if (number > 0 && !ended.stopped_by) {
      ended.stopped_by = number;
      ::kill(child, SIGTERM);
      wait.tv_sec = grace_seconds;
    } else if (ended.stopped_by) {
      ::kill(child, SIGKILL);
    }
  }
}

void report_end(const Ended &ended, const JournalState &state, Reporter &reporter) {
  if (ended.stopped_by) {
    reporter.error(Error(Code::cancelled,
                         fmt::format("Exiting on signal {}",
                                     ::sigabbrev_np(ended.stopped_by)
                                         ? std::string("SIG") + ::sigabbrev_np(ended.stopped_by)
                                         : std::to_string(ended.stopped_by))));
    return;
  }
  if (WIFEXITED(ended.status)) {
    if (WEXITSTATUS(ended.status) == cancelled_status)
      reporter.error(Error(Code::cancelled, "the conversion process was asked to stop (SIGTERM)"));
    return;  // any other failure was reported by the child
  }
  const int number = WTERMSIG(ended.status);
  const auto cause = fmt::format("signal {} ({})", number, ::strsignal(number));
  if (number == SIGKILL && !state.call.empty())
    reporter.error(Error(Code::internal,
                         "the conversion process was killed (signal 9) during this call",
                         state.call, "see whether the system ran out of memory (dmesg)"));
  else if (state.call.empty())
    reporter.error(Error(Code::internal, "the conversion process was ended by " + cause, {},
                         number == SIGKILL
                             ? "see whether the system ran out of memory (dmesg)"
                             : "this is a defect; run again with -v -x and report it"));
  else
    reporter.error(Error(Code::internal, "the plugin crashed: " + cause, state.call,
                         "report this to the plugin's vendor (v2v --plugin-info FILE names it)"));
}

// Undoes what the journal says. True if nothing remains to be done.
bool undo(const RunDirectory &run, Reporter &reporter, const Abort &abort) {
  const auto state = Journal::read(run.path());
  if (state.committed) return true;
  std::map<std::filesystem::path, std::vector<std::string>> by_plugin;
  for (const auto &[plugin, record] : state.records) by_plugin[plugin].push_back(record);
  bool clean = true;
  for (const auto &[plugin, records] : by_plugin) {
    const pid_t child = fork_with(reporter, [&, &file = plugin, &lines = records] {
      ::alarm(abort_limit_seconds);
      try {
        abort(run.path(), file, lines);
      } catch (const Error &error) {
        // The conversion's own error is the one; this comes of it, and what it leaves is told next.
        reporter.warning(error.what());
        std::fflush(nullptr);
        ::_exit(1);
      }
    });
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status == 0) continue;
    clean = false;
    reporter.warning(
        fmt::format("{}: could not remove what this conversion made; the next start of v2v tries "
                    "again. What it noted: {}",
                    plugin.filename().string(), fmt::join(records, ", ")));
  }
  return clean;
}

// True if what is in the run directory is needed to make the guest's own disks whole again.
bool is_needed(const RunDirectory &run, Reporter &reporter) {
  try {
    const auto commit = CommitRegistry::of_this_user().of(run.path());
    if (!commit) return false;
    reporter.warning(
        fmt::format("{}: its conversion was cut short while it was written to its own disks. They "
                    "are not to be "
                    "used before that is finished: {}",
                    commit->guest, finishing_command(*commit)));
  } catch (const Error &error) {
    reporter.warning(error.what());
  }
  return true;
}

// @return whether nothing remains of the conversion
bool clean_up(const RunDirectory &run, Reporter &reporter, const Abort &abort) {
  if (is_needed(run, reporter)) return false;
  const bool clean = undo(run, reporter, abort);
  remove_appliance_leftovers();
  if (clean)
    run.remove();
  else
    run.remove_all_but_journal();
  return clean;
}

// After a clean-up of everything.
void tell_undone(const JournalState &state, Reporter &reporter) {
  for (const auto &[plugin, record] : state.records)
    reporter.undone(fmt::format("{}: {}", plugin.filename().string(), record));
  reporter.undone("the temporary directory, with everything that was to be written to the disks");
}

// What came in during the clean-up would otherwise end this process when it is unblocked, whatever
// the conversion came to.
void drop_pending(const sigset_t &watched) {
  const timespec now{};
  while (::sigtimedwait(&watched, nullptr, &now) > 0) {
  }
}

}  // namespace

int supervise(const RunDirectory &run, Reporter &reporter, const Body &body, const Abort &abort) {
  // Orphans of the child become ours, so that none escapes the clean-up.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // If it came in as ignored, as from some daemons, no child's exit status would ever be seen.
  ::signal(SIGCHLD, SIG_DFL);
  const auto watched = watched_signals();
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &watched, &before);

  const pid_t child = fork_with(reporter, [&] {
    install_child_signals(watched);
    Journal journal(run.path());
    body(journal, cancellation);
  });
  const auto ended = wait_for(child, watched);
  const auto state = Journal::read(run.path());
  const bool clean_end = WIFEXITED(ended.status) && WEXITSTATUS(ended.status) == 0;
  const bool success = clean_end || state.committed;
  if (!success) {
    report_end(ended, state, reporter);
    // Only after a failure: an output may have started the guest for good (-oo qemu-boot).
    kill_descendants();
  } else if (!clean_end) {
    reporter.warning("The result is complete, but the conversion process did not end in order.");
  }
  if (clean_up(run, reporter, abort) && !success) tell_undone(state, reporter);
  drop_pending(watched);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return success ? state.status : 1;
}

void clean_up_stale(const std::filesystem::path &parent, Reporter &reporter, const Abort &abort) {
  for (const auto &run : RunDirectory::claim_stale(parent)) {
    if (is_needed(run, reporter)) continue;
    if (std::error_code unread; std::filesystem::is_empty(run.path(), unread)) {
      // Of one that begins at this moment, most probably: it makes itself another directory.
      run.remove();
      continue;
    }
    const auto guest = Journal::read(run.path()).guest;
    reporter.info(fmt::format("Cleaning up after a conversion{} that was killed ({})",
                              guest.empty() ? "" : " of " + guest, run.path().string()));
    clean_up(run, reporter, abort);
  }
}

}  // namespace v2v::core
