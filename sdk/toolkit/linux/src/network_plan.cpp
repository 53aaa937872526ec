// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See network_plan.hpp. What a configuration or a rule says about MAC addresses comes first, then the
// slot that the source gives for a card; what is left is matched by order, and only if there are as
// many names as cards. A wrong guess would put an address on the wrong network, which is worse than
// none.
#include "network_plan.hpp"

#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

namespace v2v::linux {
namespace {

bool is_kernel_name(const std::string &name) {
  static const std::regex pattern("eth[0-9]+");
  return std::regex_match(name, pattern);
}

/// Names made by udev from the place of a card, or by biosdevname.
bool is_place_name(const std::string &name) {
  static const std::regex pattern("(en[a-zA-Z].*|em[0-9]+|p[0-9]+p[0-9]+)");
  return std::regex_match(name, pattern);
}

/// "enx005056aabbcc" says its MAC address itself.
std::string mac_in_name(const std::string &name) {
  return starts_with(name, "enx") ? normal_mac(name.substr(3)) : std::string();
}

/// The slot in "ens192", or -1.
long slot_in_name(const std::string &name) {
  static const std::regex pattern("ens([0-9]{1,5})");
  std::smatch match;
  return std::regex_match(name, match, pattern) ? std::strtol(match[1].str().c_str(), nullptr, 10)
                                                : -1;
}

std::string joined(const std::vector<std::string> &names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i)
    result += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return result;
}

constexpr char kByHand[] =
    "after the first boot, bind each name to its card with a file "
    "/etc/systemd/network/10-NAME.link "
    "that says [Match] MACAddress=… and [Link] Name=NAME";

class Planner {
 public:
  Planner(const NetworkScan &scan, const std::vector<Nic> &nics, bool predictable)
      : scan_(scan), predictable_(predictable), cards_(nics.size()) {
    for (const auto &nic : nics) {
      const auto mac = normal_mac(nic.mac);
      if (mac.empty()) ++unknown_;
      free_.push_back(mac);
      if (nic.pci_slot) in_slot_.emplace(static_cast<long>(*nic.pci_slot), mac);
    }
  }

  NetworkPlan make() {
    for (const auto &problem : scan_.problems()) plan_.warnings.push_back(problem);
    check_macs();
    collect_names();
    bind_explicit();
    if (!names_.empty())
      bind_by_order();
    else if (cards_ == 0 ? plan_.pins.empty() : !free_.empty())
      bind_patterns();
    return std::move(plan_);
  }

 private:
  bool take(const std::string &mac) {
    const auto found = std::find(free_.begin(), free_.end(), mac);
    if (mac.empty() || found == free_.end()) return false;
    free_.erase(found);
    return true;
  }
  bool has_card(const std::string &mac) const {
    return std::find(free_.begin(), free_.end(), mac) != free_.end();
  }
  /// Whether a card with an unknown address could be the one with `mac`.
  bool may_be_missing(const std::string &mac) const {
    return !has_card(mac) && (unknown_ > 0 || cards_ == 0);
  }

  /// Whether a rule for `mac` is for the one card there is, whose address the source does not tell: it
  /// may get a new one, and the name is to stay on it all the same.
  bool is_the_only_card(const std::string &mac) const {
    return cards_ <= 1 && may_be_missing(mac) && !scan_.macs().count(mac);
  }

  /// Configurations that rely on MAC addresses work as long as the cards keep them.
  void check_macs() {
    std::map<std::string, std::string> relied = scan_.macs();
    const auto names = scan_.names();
    for (const auto &[name, mac] : scan_.bindings())
      if (names.count(name) && !is_the_only_card(mac)) relied.emplace(mac, "a rule for " + name);
    for (const auto &[mac, file] : relied)
      if (may_be_missing(mac))
        plan_.warnings.push_back(fmt::format(
            "{} expects a network card with the MAC address {}, and the source does not tell its "
            "cards' addresses; give the new machine's card this address",
            file, mac));
  }

  void collect_names() {
    const auto uses = scan_.names();
    const bool kernel_names = std::any_of(
        uses.begin(), uses.end(), [](const auto &use) { return is_kernel_name(use.first); });
    for (const auto &[name, use] : uses) {
      const auto binding = scan_.bindings().find(name);
      const bool bound = binding != scan_.bindings().end();
      if (bound && (take(binding->second) || !is_the_only_card(binding->second))) continue;
      // Names of a kind that udev does not give here are leftovers.
      const bool changes = is_place_name(name)    ? predictable_ || !kernel_names
                           : is_kernel_name(name) ? predictable_
                                                  : false;
      if (changes || bound || scan_.is_misbound(name)) {
        names_.push_back(name);
        files_.emplace(name, use.file);
        const auto own = mac_in_name(name);
        macs_.emplace(name, !own.empty() ? own : !use.mac.empty() ? use.mac : mac_in_slot(name));
      }
    }
    std::sort(names_.begin(), names_.end(), slot_order);
  }

  std::string mac_in_slot(const std::string &name) const {
    const auto found = in_slot_.find(slot_in_name(name));
    return found == in_slot_.end() ? std::string() : found->second;
  }

  void bind_explicit() {
    std::vector<std::string> left;
    for (const auto &name : names_) {
      const auto &mac = macs_.at(name);
      if (take(mac))
        plan_.pins.push_back({name, mac});
      else
        left.push_back(name);
    }
    names_ = left;
    for (const auto &[mac, file] : scan_.macs()) take(mac);
  }

  void bind_by_order() {
    if (cards_ > 0 && free_.empty()) return;  // all cards have their names: these are leftovers
    if (names_.size() > free_.size() && !free_.empty()) drop_leftovers();
    const bool all_known =
        std::none_of(free_.begin(), free_.end(), [](const auto &mac) { return mac.empty(); });
    // With no list of cards, one name means one card.
    const bool single = names_.size() == 1 && cards_ <= 1 && plan_.pins.empty();
    const bool guess = names_.size() > 1;
    // Only names of one kind have an order: of a card that a rule called "lan0", nothing is known.
    const bool ordered = !guess || std::all_of(names_.begin(), names_.end(), is_place_name) ||
                         std::all_of(names_.begin(), names_.end(), is_kernel_name);
    if (names_.size() == free_.size() && all_known && ordered) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        plan_.pins.push_back({names_[i], free_[i]});
        if (guess)
          plan_.notes.push_back(
              fmt::format("The network interface {} is taken for the card with "
                          "MAC address {}, by their order.",
                          names_[i], free_[i]));
      }
    } else if (single) {
      plan_.pins.push_back({names_[0], free_.empty() ? std::string() : free_[0]});
    } else {
      warn();
    }
  }

  /// A name of the kernel's beside one of udev's is from before an upgrade.
  void drop_leftovers() {
    std::vector<std::string> places;
    for (const auto &name : names_)
      if (!is_kernel_name(name)) places.push_back(name);
    if (places.size() == free_.size()) names_ = places;
  }

  void warn() {
    const bool known = unknown_ == 0 && cards_ > 0;
    plan_.warnings.push_back(fmt::format(
        "the network may not come up on {} ({}): the source has {} network card{} for {} interface "
        "name{}{}, so it cannot be told which card is which; {}",
        joined(names_), files_.at(names_[0]), free_.size(), free_.size() == 1 ? "" : "s",
        names_.size(), names_.size() == 1 ? "" : "s",
        known ? "" : " and does not tell all addresses", kByHand));
  }

  /// "ens*" does not match the new hardware's enp1s0: the cards get names that it does match.
  void bind_patterns() {
    if (!predictable_) return;
    const auto accepts = [](const std::string &pattern, const char *name) {
      return fnmatch(pattern.c_str(), name, 0) == 0;
    };
    for (const auto &[pattern, file] : scan_.patterns())
      if (accepts(pattern, "enp1s0")) return;
    for (const auto &[pattern, file] : scan_.patterns()) {
      if (is_virtual_pattern(pattern)) continue;
      std::vector<std::string> fitting;
      for (const char *name : {"ens160", "ens192", "ens224", "ens256", "ens161", "ens193", "ens33",
                               "ens34", "eno1", "eno2", "enp3s0", "enp11s0", "eth0", "eth1"})
        if (accepts(pattern, name) && !is_given(name)) fitting.emplace_back(name);
      const bool known = unknown_ == 0 && !free_.empty() && fitting.size() >= free_.size();
      if (known) {
        for (std::size_t i = 0; i < free_.size(); ++i) plan_.pins.push_back({fitting[i], free_[i]});
        free_.clear();
      } else if (cards_ <= 1 && !fitting.empty()) {
        plan_.pins.push_back({fitting[0], {}});
      } else {
        plan_.warnings.push_back(
            fmt::format("{} is for interfaces called {}, and the new ones will "
                        "not be; change it to en*",
                        file, pattern));
      }
      return;
    }
  }

  bool is_given(const std::string &name) const {
    return scan_.bindings().count(name) != 0 ||
           std::any_of(plan_.pins.begin(), plan_.pins.end(),
                       [&](const auto &pin) { return pin.name == name; });
  }

  /// "veth*", "docker*", "br-*"
  static bool is_virtual_pattern(const std::string &pattern) {
    return !starts_with(pattern, "e") && !starts_with(pattern, "*");
  }

  const NetworkScan &scan_;
  bool predictable_;
  std::size_t cards_, unknown_ = 0;
  std::vector<std::string> free_;  // MAC addresses of cards without a name yet; "" if not known
  std::map<long, std::string> in_slot_;  // their MAC addresses
  std::vector<std::string> names_;       // without a card yet
  std::map<std::string, std::string> files_, macs_;
  NetworkPlan plan_;
};

}  // namespace

bool slot_order(const std::string &a, const std::string &b) {
  // VMware's PCI bridges are slots 160, 192, 224 and 256; the next card on a bridge counts up.
  const auto slot = [](const std::string &name) {
    const long number = slot_in_name(name);
    return number < 160 ? -1 : number;
  };
  const long x = slot(a), y = slot(b);
  if (x < 0 || y < 0) return x < 0 && y < 0 ? natural_less(a, b) : x < y;
  return std::make_pair(x % 32, x) < std::make_pair(y % 32, y);
}

NetworkPlan plan_network(const NetworkScan &scan, const std::vector<Nic> &nics, bool predictable) {
  return Planner(scan, nics, predictable).make();
}

}  // namespace v2v::linux
