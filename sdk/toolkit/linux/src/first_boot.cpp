// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See first_boot.hpp.
#include <v2v/linux/first_boot.hpp>

#include <fmt/format.h>

namespace v2v::linux {
namespace {

constexpr char kDirectory[] = "/usr/lib/v2v-firstboot";
constexpr char kUnitPath[] = "/etc/systemd/system/v2v-firstboot.service";
constexpr char kInitPath[] = "/etc/init.d/v2v-firstboot";

// The whole service is this one file, the steps between its two parts: every file costs calls into
// the appliance. It runs itself again for each step.
constexpr char kRunnerHead[] = R"sh(#!/bin/sh
# Does what the conversion to KVM left for the first boot. A step that fails is tried again at the
# next two boots; in the end this removes itself. Made by v2v.
case ${1-} in
)sh";

constexpr char kRunnerTail[] = R"sh(esac

directory=/usr/lib/v2v-firstboot
most=3
exec >>/var/log/v2v-firstboot.log 2>&1

say() { echo "$(date '+%Y-%m-%d %H:%M:%S') $*"; }

# Counted before anything runs: a step that takes the machine down is not tried for ever.
boot=$(($(cat "$directory/boots" 2>/dev/null || echo 0) + 1))
echo "$boot" >"$directory/boots"

limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 900'
left=
for step in $steps; do
  [ -e "$directory/$step.done" ] && continue
  if [ "$boot" -gt "$most" ]; then
    say "$step: did not end at the last boot, given up"
    continue
  fi
  once= run=$limit
  case " $scripts " in *" $step "*) once=yes run= ;; esac
  if [ -n "$once" ]; then
    say "$step: started"
    : >"$directory/$step.done"
  else
    say "$step: started, boot $boot of $most"
  fi
  $run /bin/sh "$0" "$step" </dev/null
  status=$?
  if [ "$status" -eq 0 ]; then
    say "$step: done"
    : >"$directory/$step.done"
  elif [ -n "$once" ]; then
    say "$step: failed with status $status"
  elif [ "$boot" -ge "$most" ]; then
    say "$step: failed with status $status, given up"
  else
    say "$step: failed with status $status, will be tried at the next boot"
    left=yes
  fi
done

[ -z "$left" ] || exit 0
say "finished"
rm -f /etc/systemd/system/multi-user.target.wants/v2v-firstboot.service \
  /etc/systemd/system/v2v-firstboot.service \
  /etc/init.d/v2v-firstboot /etc/rc[0-9].d/[SK][0-9][0-9]v2v-firstboot \
  /etc/init.d/rc[0-9].d/[SK][0-9][0-9]v2v-firstboot
rm -rf "$directory"
)sh";

// No boot waits for it (simple, nothing after it), and a shutdown ends it.
constexpr char kUnit[] = R"sh([Unit]
Description=First boot after the conversion to KVM
After=network.target

[Service]
Type=simple
ExecStart=/bin/sh /usr/lib/v2v-firstboot/run
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
/bin/sh /usr/lib/v2v-firstboot/run </dev/null >/dev/null 2>&1 &
)sh";

// A package manager must not be killed half-way by a shutdown, so the installation itself ignores
// SIGTERM; what may take long, the network, does not.
constexpr char kInstallation[] =
    R"sh(has_route() {{
  [ -n "$(ip route show default 2>/dev/null; ip -6 route show default 2>/dev/null)" ]
}}

seconds=0
until has_route; do
  seconds=$((seconds + 1))
  if [ "$seconds" -ge 60 ]; then
    echo "there is no network; by hand: {by_hand}"
    exit 1
  fi
  sleep 1
done

try=1
until {download}; do
  if [ "$try" -ge 3 ]; then
    echo "it cannot be downloaded; by hand: {by_hand}"
    exit 1
  fi
  try=$((try + 1))
  sleep 10
done
(trap '' TERM; {install}) || exit 1
)sh";

// Through the agent the host shuts the guest down and asks for its addresses.
constexpr char kStartAgent[] = R"sh(
# The service starts by itself once the machine has the agent's channel. RHEL 6 calls it qemu-ga.
systemctl start qemu-guest-agent 2>/dev/null || service qemu-guest-agent start 2>/dev/null ||
  service qemu-ga start 2>/dev/null ||
  echo "the agent is installed; it starts when the machine has a channel for it"
exit 0
)sh";

/// Nothing if there is no rule for the guest's package manager.
std::optional<std::string> installation_of(const Family &family, const Inspection &inspection,
                                           const std::string &packages) {
  const auto how = family.installation(inspection, packages);
  if (!how) return std::nullopt;
  return fmt::format(kInstallation, fmt::arg("download", how->download),
                     fmt::arg("install", how->install), fmt::arg("by_hand", how->by_hand));
}

bool has_agent(const Inspection &inspection) {
  for (const auto &application : inspection.applications)
    if (application.name == "qemu-guest-agent") return true;
  return false;
}

}  // namespace

void FirstBoot::add(const std::string &name, const std::string &commands) {
  steps_.emplace_back(name, commands);
}

void FirstBoot::add_script(const std::string &name, const std::string &content) {
  const auto file = fmt::format("{}/scripts/{}", kDirectory, name);
  add(name, file + "\n");
  scripts_.push_back({name, file, content});
}

bool FirstBoot::add_packages(const std::string &name, const Family &family,
                             const Inspection &inspection, const std::string &packages) {
  const auto commands = installation_of(family, inspection, packages);
  if (commands) add(name, *commands + "exit 0\n");
  return commands.has_value();
}

bool FirstBoot::add_agent(const Family &family, const Inspection &inspection) {
  const auto commands = installation_of(family, inspection, "qemu-guest-agent");
  if (commands) last_.emplace_back("install-qemu-guest-agent", *commands + kStartAgent);
  return commands.has_value();
}

void FirstBoot::install() {
  auto steps = steps_;
  steps.insert(steps.end(), last_.begin(), last_.end());
  if (steps.empty()) return;
  std::string script = kRunnerHead, names, scripts;
  for (const auto &[name, commands] : steps) {
    script += name + ")\n" + commands + "exit\n;;\n";
    names += (names.empty() ? "" : " ") + name;
  }
  for (const auto &[name, file, content] : scripts_) {
    guest_.write(file, content, 0700);
    scripts += (scripts.empty() ? "" : " ") + name;
  }
  // The unit alone where systemd is init; a systemd that is merely installed runs nothing.
  const auto init = guest_.link_target("/sbin/init");
  if (init && init->find("systemd") != std::string::npos)
    install_unit();
  else
    install_init_script();
  guest_.write("/usr/lib/v2v-firstboot/run", fmt::format("{}*) steps='{}' scripts='{}' ;;\n{}",
                                                         script, names, scripts, kRunnerTail));
  log_.change("service v2v-firstboot", "installed, with the steps " + names,
              "some work needs the running guest; the service removes itself when it is done");
}

void FirstBoot::install_unit() {
  guest_.write(kUnitPath, kUnit);
  guest_.symlink(kUnitPath, "/etc/systemd/system/multi-user.target.wants/v2v-firstboot.service");
}

void FirstBoot::install_init_script() {
  guest_.write(kInitPath, kInitScript, 0755);
  // SUSE has the levels beside the scripts.
  const bool inside = guest_.is_directory("/etc/init.d/rc3.d");
  for (const char *level : {"2", "3", "4", "5"})
    guest_.symlink(
        inside ? "../v2v-firstboot" : "../init.d/v2v-firstboot",
        fmt::format("{}/rc{}.d/S99v2v-firstboot", inside ? "/etc/init.d" : "/etc", level));
  // Where insserv orders the scripts, links alone are started before what they need.
  if (guest_.is_file("/etc/init.d/.depend.start") && guest_.is_file("/usr/sbin/update-rc.d")) {
    const auto result = guest_.run({"/usr/sbin/update-rc.d", "v2v-firstboot", "defaults"});
    if (result.status != 0) log_.debug("update-rc.d: " + result.output);
  }
}

void install_guest_agent(const Family &family, const Inspection &inspection, FirstBoot &first_boot,
                         const Log &log) {
  if (has_agent(inspection)) return;
  if (!first_boot.add_agent(family, inspection)) {
    log.warning(
        fmt::format("the QEMU Guest Agent is not installed: no rule for the package manager "
                    "\"{}\"; install the package qemu-guest-agent by hand",
                    inspection.package_management));
    return;
  }
  log.info("The QEMU Guest Agent will be installed for this guest at first boot.");
}

}  // namespace v2v::linux
