// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ask.hpp"

#include "text.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>
#include <boost/algorithm/string/trim.hpp>

#include <cerrno>
#include <charconv>

namespace v2v::host {
namespace {

constexpr char ctrl_c = 3;
constexpr std::size_t longest_secret = 4096;

/// The terminal's settings for a secret, put back at the end. Ctrl-C is read as a character: if it
/// killed the program, the terminal would stay silent.
class SecretMode {
 public:
  SecretMode(int terminal, bool echo) : terminal_(terminal) {
    is_terminal_ = ::tcgetattr(terminal_, &before_) == 0;
    if (!is_terminal_) return;
    termios secret = before_;
    if (!echo) secret.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    secret.c_lflag |= ICANON;
    secret.c_lflag &= ~static_cast<tcflag_t>(ISIG);
    secret.c_cc[VEOL] = ctrl_c;
    ::tcsetattr(terminal_, TCSAFLUSH, &secret);
  }
  ~SecretMode() {
    if (is_terminal_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  SecretMode(const SecretMode &) = delete;
  SecretMode &operator=(const SecretMode &) = delete;

 private:
  int terminal_;
  bool is_terminal_ = false;
  termios before_{};
};

void show(int terminal, const std::string &text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(terminal, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    at += static_cast<std::size_t>(written);
  }
}

}  // namespace

std::string ask_root(const std::vector<core::RootChoice> &roots, std::istream &in,
                     std::ostream &out) {
  out << "***\n"
         "The disks hold several operating systems. Which one is to be converted?\n\n";
  for (std::size_t i = 0; i < roots.size(); ++i)
    out << printable(fmt::format(" [{}] {} ({})", i + 1, roots[i].device, roots[i].product), false)
        << '\n';
  out << "\n(--root DEVICE answers this beforehand.)\n";
  for (;;) {
    out << fmt::format("A number from 1 to {}, or 'exit': ", roots.size()) << std::flush;
    std::string answer;
    if (!std::getline(in, answer))
      throw Error(Code::usage, "no operating system was chosen", {},
                  "choose one with --root DEVICE, or take the first with --root first");
    boost::trim(answer);
    if (answer == "exit" || answer == "quit" || answer == "q")
      throw Error(Code::cancelled, "the conversion was ended at the question for the root");
    std::size_t number = 0;
    const char *end = answer.data() + answer.size();
    const auto [stop, failure] = std::from_chars(answer.data(), end, number);
    if (failure == std::errc() && stop == end && number >= 1 && number <= roots.size())
      return roots[number - 1].device;
  }
}

std::optional<std::string> ask_secret(int terminal, const std::string &prompt, bool echo) {
  const SecretMode mode(terminal, echo);
  show(terminal, printable(prompt, false) + ": ");
  std::string secret;
  bool ended = false;
  while (!ended && secret.size() < longest_secret) {
    char piece[256];
    const ssize_t count = ::read(terminal, piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    secret.append(piece, static_cast<std::size_t>(count));
    ended = secret.back() == '\n' || secret.back() == ctrl_c;
  }
  if (!echo) show(terminal, "\n");
  if (secret.empty()) return std::nullopt;
  if (secret.back() == ctrl_c)
    throw Error(Code::cancelled, "the conversion was ended at the question for a password");
  if (secret.back() == '\n') secret.pop_back();
  return secret;
}

}  // namespace v2v::host
