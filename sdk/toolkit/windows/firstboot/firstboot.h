// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the parts of v2v-firstboot.exe offer each other. The program runs inside of a converted Windows,
// XP to 11, as a service that does what the conversion left for the first boot, and then removes itself.
// It must end whatever happens: every step has a time limit and a number of attempts that is written
// down before the step starts, and the number of restarts is bounded as well.
//
// Text is UTF-16 here; what a function returns as wchar_t * belongs to the caller, see CLEANUP_TEXT. All
// but the control handlers of service.c and main.c runs in one thread. Only what Windows XP has may be
// called directly; the rest is looked up in its DLL.
#pragma once

// winsock2.h must come before windows.h.
#include <winsock2.h>

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>

// ---- text.c: strings, and text files in UTF-8 ---------------------------------------------------

/// Frees the text a variable holds when the variable goes out of scope.
#define CLEANUP_TEXT __attribute__((cleanup(text_cleanup)))
void text_cleanup(wchar_t **text);

/// Never NULL: without memory the program ends, and the attempt that was running counts.
void *allocate(size_t bytes);
/// As wprintf; %ls for text.
wchar_t *text_format(const wchar_t *format, ...);
wchar_t *text_format_list(const wchar_t *format, va_list arguments);
/// Windows' text for an error of GetLastError, on one line, with the number.
wchar_t *text_of_error(DWORD error);
wchar_t *text_from_bytes(UINT code_page, const char *bytes, size_t length);
char *text_to_bytes(UINT code_page, const wchar_t *text, size_t *length);
/// A file of at most 1 MiB; NULL, with GetLastError, if it cannot be read.
wchar_t *text_read_file(const wchar_t *path);
/// Replaces a file as a whole or not at all, also when the machine loses power.
bool text_write_file(const wchar_t *path, const wchar_t *text);
/// Cuts the next line that is neither empty nor a comment (#) out of a text, in place, without the
/// blanks around it; NULL at the end.
wchar_t *text_next_line(wchar_t **rest);
/// The part before the first separator, in place, *rest what is behind it; both without blanks around.
wchar_t *text_split(wchar_t **rest, wchar_t separator);

/// A file beside the program.
wchar_t *file_beside(const wchar_t *name);
bool file_is_there(const wchar_t *path);

// ---- log.c: log.txt, or the standard output of a subcommand --------------------------------------

/// Appends to log.txt beside the program; without this, the log is the standard output.
void log_open(void);
/// A line with the local time.
void log_event(const wchar_t *format, ...);
/// A line that belongs to the event above it: indented.
void log_detail(const wchar_t *format, ...);
/// What a child wrote, in the OEM code page, in pieces of any size; indented line by line.
void log_output(const char *bytes, size_t length);
/// Ends the last line of what a child wrote.
void log_output_end(void);

// ---- settings.c: settings.txt --------------------------------------------------------------------

struct settings {
  unsigned script_seconds;  ///< for one script
  unsigned driver_seconds;  ///< for one driver
  unsigned pnp_seconds;     ///< until plug and play has settled
};
extern struct settings settings;
void settings_load(void);

// ---- state.c: state.txt, what was done in earlier boots ------------------------------------------

enum outcome { OUTCOME_OPEN, OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_GIVEN_UP };

struct step {
  wchar_t *name;         ///< "script 5000-0001-agent.bat", "driver %SystemRoot%\…"
  enum outcome outcome;  ///< open: not tried, to be tried again, or the machine went down meanwhile
  unsigned attempts;     ///< counted when they begin
  unsigned interruptions;  ///< attempts that a shutdown ended, which are not counted as such
  struct step *next;
};

enum { REBOOTS_AT_MOST = 5, ATTEMPTS_AT_MOST = 3, INTERRUPTIONS_AT_MOST = 5 };

void state_load(void);
/// The step, which is added if it is new.
struct step *state_step(const wchar_t *name);
struct step *state_first_step(void);
/// Counts an attempt. False: nothing may run, because it could not be written down or because the
/// step is at its end, which is logged. The log then has the header of the step.
bool step_begin(struct step *step, unsigned attempts_at_most);
void step_end(struct step *step, enum outcome outcome);
/// A shutdown ended the attempt: not counted, unless that happens again and again.
void step_interrupted(struct step *step);
/// Counts a restart. False if there were too many, or it could not be written down.
bool state_count_reboot(void);
/// True after the state could not be written: then nothing may be started any more in this boot.
bool state_is_broken(void);

// ---- process.c: a child with all its children, a time limit and its output in the log ------------

enum ending {
  ENDING_EXITED,      ///< by itself
  ENDING_TIME_LIMIT,  ///< ended here, with its children
  ENDING_STOPPED,     ///< ended here, because the service has to stop
  ENDING_NOT_STARTED  ///< code is the error
};
struct process {
  enum ending ending;
  DWORD code;
};
/// Set when the service has to stop or Windows shuts down.
extern HANDLE stop_wanted;
bool is_stopping(void);
struct process process_run(const wchar_t *application, const wchar_t *command_line,
                           const wchar_t *directory, unsigned seconds);
/// Starts something that outlives this program.
bool process_detach(const wchar_t *application, const wchar_t *command_line);
/// A program in Windows' system32.
wchar_t *system_program(const wchar_t *name);

// ---- drivers.c, scripts.c: the two kinds of steps -------------------------------------------------

/// Installs what drivers.txt lists. Returns true if a restart is needed.
bool drivers_run(void);
/// Runs the scripts in the order of their names. Returns true if a restart is needed.
bool scripts_run(void);
/// The subcommand that installs one driver; drivers_run calls it as a child, for drivers that hang.
/// Returns the Win32 error.
DWORD driver_install(const wchar_t *inf);

// ---- boot.c, finish.c, service.c: one boot from beginning to end ---------------------------------

/// All that is to be done in this boot, with the restart or the end of it all.
void boot_run(void);
/// Writes the summary and removes all traces but the log.
void finish(void);
bool service_remove(void);
/// Returns the exit code of the program.
int service_main(void);
#define SERVICE_NAME L"v2v-firstboot"

// ---- network.c, netsh.c, disks.c: subcommands for scripts -----------------------------------------

enum { EXIT_RETRY = 249, EXIT_NO_REBOOT = 250 };

enum { ITEMS_AT_MOST = 32 };
struct address {
  wchar_t *text;    ///< an address, or a gateway's, without prefix length
  unsigned number;  ///< the prefix length, or the metric, 0: none given
  bool is_v6;
};
struct addresses {
  struct address item[ITEMS_AT_MOST];
  size_t count;
};
struct card {
  BYTE mac[6];
  struct addresses addresses, gateways, dns;
  wchar_t *suffix;              ///< or NULL
  unsigned metric;              ///< of the interface, 0: Windows chooses
  wchar_t *old[ITEMS_AT_MOST];  ///< adapters, {GUID}, that had these addresses before
  size_t old_count;
  struct card *next;
};
struct adapter {
  wchar_t *guid;
  wchar_t *name;  ///< what a person sees: "Local Area Connection 2"
};

/// The subcommand. Returns its exit code.
int network_run(const wchar_t *file);
/// Gives the adapter the addresses of the card. Returns the number of commands that failed.
unsigned netsh_configure(const struct card *card, const struct adapter *adapter);
/// The subcommand. Returns its exit code.
int disks_run(void);
/// Major * 100 + minor: 501 for XP, 601 for 7, 1000 for 10 and 11, as they are and not as they pretend.
unsigned windows_version(DWORD *build);
