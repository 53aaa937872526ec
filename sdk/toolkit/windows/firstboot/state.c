// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What was done in earlier boots, in state.txt. An attempt and a restart are written down before they
// begin, so that a step that crashes the machine counts. If that is not possible (a full disk), nothing
// runs any more in this boot and no restart is asked for.
//
// Lines: "reboots N", and for each step "OUTCOME ATTEMPTS INTERRUPTIONS NAME".
#include "firstboot.h"

#include <stdlib.h>
#include <wchar.h>

static const wchar_t *const outcome_names[] = {L"open", L"done", L"failed", L"given-up"};

static unsigned reboots;
static struct step *first_step;
static bool is_broken;

static void save(void) {
  wchar_t *text = text_format(L"reboots %u\r\n", reboots);
  for (const struct step *step = first_step; step; step = step->next) {
    CLEANUP_TEXT wchar_t *before = text;
    text = text_format(L"%ls%ls %u %u %ls\r\n", before, outcome_names[step->outcome],
                       step->attempts, step->interruptions, step->name);
  }
  CLEANUP_TEXT wchar_t *path = file_beside(L"state.txt");
  const bool is_saved = text_write_file(path, text);
  free(text);
  if (is_saved || is_broken) return;
  CLEANUP_TEXT wchar_t *error = text_of_error(GetLastError());
  log_event(L"%ls cannot be written, so nothing more runs in this boot: %ls", path, error);
  is_broken = true;
}

static void load_line(wchar_t *line) {
  const wchar_t *first = text_split(&line, L' ');
  if (!wcscmp(first, L"reboots")) {
    reboots = wcstoul(line, NULL, 10);
    return;
  }
  for (size_t i = 0; i < sizeof outcome_names / sizeof *outcome_names; ++i) {
    if (wcscmp(first, outcome_names[i])) continue;
    const unsigned attempts = wcstoul(text_split(&line, L' '), NULL, 10);
    const unsigned interruptions = wcstoul(text_split(&line, L' '), NULL, 10);
    struct step *step = state_step(line);
    step->outcome = (enum outcome)i;
    step->attempts = attempts;
    step->interruptions = interruptions;
  }
}

void state_load(void) {
  CLEANUP_TEXT wchar_t *path = file_beside(L"state.txt");
  CLEANUP_TEXT wchar_t *text = text_read_file(path);
  wchar_t *rest = text;
  for (wchar_t *line; rest && (line = text_next_line(&rest));) load_line(line);
}

struct step *state_step(const wchar_t *name) {
  struct step **place = &first_step;
  for (; *place; place = &(*place)->next)
    if (!_wcsicmp((*place)->name, name)) return *place;
  *place = allocate(sizeof **place);
  (*place)->name = text_format(L"%ls", name);
  return *place;
}

struct step *state_first_step(void) {
  return first_step;
}

bool state_is_broken(void) {
  return is_broken;
}

bool step_begin(struct step *step, unsigned attempts_at_most) {
  if (is_broken || is_stopping() || step->outcome != OUTCOME_OPEN) return false;
  if (step->attempts >= attempts_at_most) {
    log_event(L"%ls: attempt %u of %u did not end, given up", step->name, step->attempts,
              attempts_at_most);
    step_end(step, OUTCOME_GIVEN_UP);
    return false;
  }
  ++step->attempts;
  save();
  if (is_broken) return false;
  log_event(L"%ls, attempt %u of %u", step->name, step->attempts, attempts_at_most);
  return true;
}

void step_end(struct step *step, enum outcome outcome) {
  step->outcome = outcome;
  save();
}

void step_interrupted(struct step *step) {
  // A script that shuts Windows down by itself would otherwise begin anew for ever.
  if (step->interruptions < INTERRUPTIONS_AT_MOST) {
    ++step->interruptions;
    --step->attempts;
  }
  log_detail(L"ended because the service has to stop; continued at the next start");
  save();
}

bool state_count_reboot(void) {
  if (is_broken || reboots >= REBOOTS_AT_MOST) return false;
  ++reboots;
  save();
  return !is_broken;
}
