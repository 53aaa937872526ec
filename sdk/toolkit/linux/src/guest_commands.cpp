// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/linux/guest_commands.hpp>

#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <random>

namespace v2v::linux {
namespace {

constexpr std::size_t last_lines = 10;

bool is_32_bit_x86(const std::string &arch) {
  return arch.size() == 4 && arch.front() == 'i' && ends_with(arch, "86");
}

std::string this_machine() {
  utsname name{};
  return ::uname(&name) == 0 ? name.machine : "";
}

/// What a package manager needs behind a proxy.
std::string proxies() {
  std::string text;
  for (const char *name : {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy"})
    if (const char *value = std::getenv(name)) {
      std::string quoted;
      for (const char *c = value; *c; ++c)
        quoted += *c == '\'' ? std::string("'\\''") : std::string(1, *c);
      text += fmt::format("export {}='{}'\n", name, quoted);
    }
  return text;
}

std::string end_of(const std::string &output) {
  const auto all = lines(output);
  std::string text;
  for (std::size_t i = all.size() > last_lines ? all.size() - last_lines : 0; i < all.size(); ++i)
    text += "\n  " + std::string(all[i]);
  return text.empty() ? " and said nothing" : "; the end of what it said:" + text;
}

}  // namespace

bool GuestCommands::can_run(const std::string &guest_arch) {
  const auto here = this_machine();
  return guest_arch == here || (is_32_bit_x86(guest_arch) && here == "x86_64") ||
         (is_32_bit_x86(guest_arch) && is_32_bit_x86(here));
}

void GuestCommands::run(const std::string &commands, const std::string &option) {
  run_words({"/bin/sh", "-c", proxies() + commands}, option);
}

void GuestCommands::run_script(const std::string &content, const std::string &option) {
  // Nobody can have left a link at a name that nobody knew.
  std::random_device random;
  const auto path = fmt::format("/tmp/v2v-{:08x}{:08x}", random(), random());
  guest_.write(path, content, 0700);
  run_words({"/bin/sh", "-c", proxies() + path}, option);
  guest_.remove(path);
}

void GuestCommands::run_words(std::vector<std::string> words, const std::string &option) {
  // So that uname says what the guest is.
  if (is_32_bit_x86(guest_arch_) && !is_32_bit_x86(this_machine()) &&
      guest_.is_file("/usr/bin/setarch"))
    words.insert(words.begin(), {"/usr/bin/setarch", "i686"});
  const auto result = guest_.run(words);
  for (const auto line : lines(result.output)) log_.debug(std::string(line));
  said_ += fmt::format("== {}\n{}", option, result.output);
  if (!said_.empty() && said_.back() != '\n') said_ += '\n';
  if (result.status != 0)
    throw Error(Code::usage,
                fmt::format("it ended with status {}{}", result.status, end_of(result.output)),
                option, "the target was not touched; -v shows all that it says");
}

void GuestCommands::leave_log() {
  if (said_.empty()) return;
  guest_.write(log_file, guest_.read_if_file(log_file).value_or("") + said_, 0600);
  said_.clear();
}

}  // namespace v2v::linux
