// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See first_boot.hpp.
#include <v2v/toolkit/first_boot.hpp>

#include <fmt/format.h>

namespace v2v::toolkit {
namespace {

constexpr char kUnitPath[] = "/etc/systemd/system/v2v-firstboot.service";
constexpr char kInitPath[] = "/etc/init.d/v2v-firstboot";

constexpr char kRunner[] = R"sh(#!/bin/sh
# Runs, in order, what the conversion to KVM left for the first boot. A step that fails is tried
# again at the next two boots. In the end this removes itself. Made by v2v.
directory=/usr/lib/v2v-firstboot
most=3
exec >>/var/log/v2v-firstboot.log 2>&1

say() { echo "$(date '+%Y-%m-%d %H:%M:%S') $*"; }

# Counted before anything runs: a step that takes the machine down is not tried for ever.
boot=$(($(cat "$directory/boots" 2>/dev/null || echo 0) + 1))
echo "$boot" >"$directory/boots"

limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 900'
for step in "$directory"/steps/*; do
  [ -f "$step" ] || continue
  name=${step##*/}
  if [ "$boot" -gt "$most" ]; then
    say "$name: did not end at the last boot, given up"
    rm -f "$step"
    continue
  fi
  say "$name: started, boot $boot of $most"
  $limit "$step" </dev/null
  status=$?
  if [ "$status" -eq 0 ]; then
    say "$name: done"
    rm -f "$step"
  elif [ "$boot" -ge "$most" ]; then
    say "$name: failed with status $status, given up"
    rm -f "$step"
  else
    say "$name: failed with status $status, will be tried at the next boot"
  fi
done

rmdir "$directory/steps" 2>/dev/null || exit 0
say "finished"
rm -f /etc/systemd/system/multi-user.target.wants/v2v-firstboot.service \
  /etc/systemd/system/v2v-firstboot.service \
  /etc/init.d/v2v-firstboot /etc/rc[0-9].d/[SK][0-9][0-9]v2v-firstboot
rm -rf "$directory"
)sh";

// No boot waits for it (simple, nothing after it), and a shutdown ends it.
constexpr char kUnit[] = R"sh([Unit]
Description=First boot after the conversion to KVM
After=network.target

[Service]
Type=simple
ExecStart=/usr/lib/v2v-firstboot/run
TimeoutStopSec=90

[Install]
WantedBy=multi-user.target
)sh";

constexpr char kInitScript[] = R"sh(#!/bin/sh
### BEGIN INIT INFO
# Provides:          v2v-firstboot
# Required-Start:    $remote_fs $network
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: First boot after the conversion to KVM
### END INIT INFO
[ "$1" = start ] || exit 0
/usr/lib/v2v-firstboot/run </dev/null >/dev/null 2>&1 &
)sh";

// dpkg must not be killed half-way by a shutdown, so the installation itself ignores SIGTERM; what
// may take long, the network, does not.
constexpr char kAptAgent[] = R"sh(#!/bin/sh
# Installs the QEMU guest agent, through which the host shuts the guest down and asks for its
# addresses.
has_route() {
  [ -n "$(ip route show default 2>/dev/null; ip -6 route show default 2>/dev/null)" ]
}
apt() {
  apt-get -q -y -o Dpkg::Options::=--force-confnew -o DPkg::Lock::Timeout=300 \
    -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@"
}
export DEBIAN_FRONTEND=noninteractive

seconds=0
until has_route; do
  seconds=$((seconds + 1))
  if [ "$seconds" -ge 60 ]; then
    echo "there is no network; by hand: apt-get install qemu-guest-agent"
    exit 1
  fi
  sleep 1
done

try=1
until apt update; apt --download-only install qemu-guest-agent; do
  if [ "$try" -ge 3 ]; then
    echo "qemu-guest-agent cannot be downloaded; by hand: apt-get install qemu-guest-agent"
    exit 1
  fi
  try=$((try + 1))
  sleep 10
done
(trap '' TERM; apt install qemu-guest-agent) || exit 1

# The service starts by itself once the machine has the agent's channel.
systemctl start qemu-guest-agent 2>/dev/null || service qemu-guest-agent start ||
  echo "the agent is installed; it starts when the machine has a channel for it"
exit 0
)sh";

bool has_agent(const Inspection &inspection) {
  for (const auto &application : inspection.applications)
    if (application.name == "qemu-guest-agent") return true;
  return false;
}

}  // namespace

void FirstBoot::add(const std::string &name, const std::string &script) {
  steps_.emplace_back(fmt::format("{:02}-{}", steps_.size() + 1, name), script);
}

void FirstBoot::install() {
  if (steps_.empty()) return;
  for (const auto &[name, script] : steps_)
    guest_.write("/usr/lib/v2v-firstboot/steps/" + name, script, 0755);
  guest_.write("/usr/lib/v2v-firstboot/run", kRunner, 0755);
  // The unit alone where systemd is init; a systemd that is merely installed runs nothing.
  const auto init = guest_.link_target("/sbin/init");
  if (init && init->find("systemd") != std::string::npos)
    install_unit();
  else
    install_init_script();
}

void FirstBoot::install_unit() {
  guest_.write(kUnitPath, kUnit);
  guest_.symlink(kUnitPath, "/etc/systemd/system/multi-user.target.wants/v2v-firstboot.service");
}

void FirstBoot::install_init_script() {
  guest_.write(kInitPath, kInitScript, 0755);
  for (const char *level : {"2", "3", "4", "5"})
    guest_.symlink("../init.d/v2v-firstboot", fmt::format("/etc/rc{}.d/S99v2v-firstboot", level));
  // Where insserv orders the scripts, links alone are started before what they need.
  if (guest_.is_file("/etc/init.d/.depend.start") && guest_.is_file("/usr/sbin/update-rc.d")) {
    const auto result = guest_.run({"/usr/sbin/update-rc.d", "v2v-firstboot", "defaults"});
    if (result.status != 0) log_.debug("update-rc.d: " + result.output);
  }
}

void install_guest_agent(const Inspection &inspection, FirstBoot &first_boot, const Log &log) {
  if (has_agent(inspection)) return;
  if (inspection.package_management != "apt") {
    log.warning(
        fmt::format("the QEMU Guest Agent is not installed: no rule for the package manager "
                    "\"{}\"; install the package qemu-guest-agent by hand",
                    inspection.package_management));
    return;
  }
  first_boot.add("install-qemu-guest-agent", kAptAgent);
  log.info("The QEMU Guest Agent will be installed for this guest at first boot.");
}

}  // namespace v2v::toolkit
