// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// GRUB legacy: menu.lst or grub.conf. On Debian update-grub makes the menu from
// comments in the same file ("# kopt=root=/dev/sda1 ro"), so these are edited as well.
#include <v2v/linux/bootloader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace v2v::linux {
namespace {

/// The value of a command: "default 0" and "default=0" both are written.
std::optional<std::string_view> command_value(std::string_view line, std::string_view command) {
  auto text = trimmed(line);
  if (!starts_with(text, command) || text.size() == command.size()) return std::nullopt;
  text.remove_prefix(command.size());
  if (std::string_view(" \t=").find(text.front()) == std::string_view::npos) return std::nullopt;
  while (!text.empty() && std::string_view(" \t=").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  return text;
}

/// Kernel and arguments of a line "kernel [--no-mem-option] (hd0,0)/vmlinuz root=…".
struct KernelLine {
  std::string_view kernel, arguments;
};
std::optional<KernelLine> kernel_line(std::string_view line) {
  const auto value = command_value(line, "kernel");
  if (!value) return std::nullopt;
  const auto parts = words(*value);
  std::size_t first = 0;
  while (first < parts.size() && starts_with(parts[first], "--")) ++first;
  if (first == parts.size()) return std::nullopt;
  KernelLine result{parts[first], value->substr(value->size())};
  if (first + 1 < parts.size()) {
    const auto from = static_cast<std::size_t>(parts[first + 1].data() - value->data());
    result.arguments = trimmed(value->substr(from));
  }
  return result;
}

/// The arguments in the comments that Debian's update-grub reads.
std::optional<std::string_view> automagic_arguments(std::string_view line) {
  if (!starts_with(line, "# ")) return std::nullopt;
  for (const char *name : {"kopt", "kopt_2_6", "defoptions", "altoptions", "xenkopt"})
    if (const auto value = line.substr(2); starts_with(value, std::string(name) + "="))
      return value.substr(std::string_view(name).size() + 1);
  return std::nullopt;
}

struct Title {
  std::string kernel, arguments;  // as written
};

class GrubLegacy : public Bootloader {
 public:
  GrubLegacy(Guest &guest, std::string config, const Log &log)
      : Bootloader(guest, std::move(config), log) {
    parse();
  }

  std::string name() const override { return "GRUB legacy"; }

  std::vector<std::string> kernels() override {
    std::vector<std::string> found;
    const auto add = [&](const Title &title) {
      const auto path = kernel_path(title.kernel);
      if (!path.empty() && std::find(found.begin(), found.end(), path) == found.end())
        found.push_back(path);
    };
    if (default_ < titles_.size()) add(titles_[default_]);
    for (const auto &title : titles_) add(title);
    return found;
  }

  std::string default_arguments() override {
    return default_ < titles_.size() ? titles_[default_].arguments : std::string();
  }

  void set_default(const std::string &vmlinuz) override {
    for (std::size_t i = 0; i < titles_.size(); ++i) {
      if (titles_[i].kernel.empty() || kernel_path(titles_[i].kernel) != vmlinuz) continue;
      write_default(i);
      return;
    }
    log_.warning(
        fmt::format("{} has no entry for {}, so it is not the default kernel", config_, vmlinuz));
  }

  void edit_arguments(ArgumentsEdit edit) override {
    buffer_.edit(config_, [&](std::string &line) {
      if (const auto kernel = kernel_line(line))
        line = replace_piece(line, kernel->arguments, edit(std::string(kernel->arguments)));
      else if (const auto arguments = automagic_arguments(line))
        line = replace_piece(line, *arguments, edit(std::string(*arguments)));
      return true;
    });
    parse();
  }

 private:
  void parse() {
    titles_.clear();
    default_ = 0;
    const auto *content = buffer_.content(config_);
    if (!content) return;
    for (const auto line : lines(*content)) {
      if (const auto value = command_value(line, "default")) {
        // "default saved" keeps its number in a binary file; the first entry stands for it.
        default_ = std::strtoul(std::string(*value).c_str(), nullptr, 10);
      } else if (command_value(line, "title")) {
        titles_.emplace_back();
      } else if (const auto kernel = kernel_line(line); kernel && !titles_.empty()) {
        titles_.back() = {std::string(kernel->kernel), std::string(kernel->arguments)};
      }
    }
  }

  void write_default(std::size_t index) {
    because(default_reason);
    const auto number = std::to_string(index);
    bool written = false;
    buffer_.edit(config_, [&](std::string &line) {
      if (const auto value = command_value(line, "default")) {
        line = replace_piece(line, *value, number);
        written = true;
      }
      return true;
    });
    if (!written) buffer_.replace(config_, "default " + number + "\n" + *buffer_.content(config_));
    parse();
  }

  std::vector<Title> titles_;
  std::size_t default_ = 0;
};

}  // namespace

std::unique_ptr<Bootloader> make_grub_legacy(Guest &guest, std::string config, const Log &log) {
  return std::make_unique<GrubLegacy>(guest, std::move(config), log);
}

}  // namespace v2v::linux
