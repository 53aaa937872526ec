// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Work for the converted Windows' first boot, where its new devices are. A converter fills a FirstBoot,
// uploads files() and the program, and registers the service. The program, v2v-firstboot.exe (its source
// is in firstboot/), installs the drivers, runs the scripts in the order of their priorities, restarts
// Windows if one of them asks for it, and in the end removes itself; only log.txt and the empty file
// "complete" remain. It always ends: each step has a time limit and at most three attempts, the restarts
// are bounded, and a step that fails does not keep the others from running.
//
// Exit codes of a script: 0 and 250: done; 3010 and 1641: done, restart Windows; 249: failed, try again
// after a restart; all others: failed.
//
// Not thread-safe; owns what it is given.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace v2v::windows {

class FirstBoot {
 public:
  /// Where it all lies in the guest, seen from the root of the Windows partition. It is virt-v2v's
  /// directory, because people and their tools look for log.txt there.
  static constexpr char directory[] = "/Program Files/Guestfs/Firstboot";
  static constexpr char program_name[] = "v2v-firstboot.exe";

  struct File {
    std::string path;     ///< below the directory, with '/'
    std::string content;  ///< as it is to be in the guest
    bool operator==(const File &other) const {
      return path == other.path && content == other.content;
    }
  };

  struct Driver {
    std::string inf;           ///< the guest's path: "%SystemRoot%\\Drivers\\VirtIO\\netkvm.inf"
    bool is_required = false;  ///< worth up to two restarts, if it does not install at once
  };

  struct Gateway {
    std::string address;
    unsigned metric = 0;  ///< 0: Windows chooses
  };

  /// Addresses are IPv4 or IPv6.
  struct Card {
    std::string mac;                     ///< "52:54:00:12:34:56", of the card in the target
    std::vector<std::string> addresses;  ///< with prefix length: "192.0.2.10/24"
    std::vector<Gateway> gateways;
    std::vector<std::string> dns;
    std::string suffix;   ///< of the connection's DNS names; may be empty
    unsigned metric = 0;  ///< of the interface; 0: Windows chooses
    /// Adapters "{GUID}" of the source machine, which lose these addresses once the card is there.
    std::vector<std::string> old_adapters;
  };

  /// @param name      what the log calls it; other characters than letters, digits and '_' become '-'
  /// @param lines     of a batch file, without line ends
  /// @param priority  0 to 9999; lower ones run first, equal ones in the order in which they were added
  void add_script(const std::string &name, const std::vector<std::string> &lines,
                  unsigned priority = 5000);
  /// A whole script, of which lines end as they may.
  /// @param extension  ".bat", ".cmd" or ".ps1"
  void add_script_text(const std::string &name, const std::string &text,
                       const std::string &extension, unsigned priority = 5000);
  /// A file for scripts, which find it as "%~dp0..\files\NAME"; removed in the end.
  void add_file(const std::string &name, std::string content);
  /// In the order in which they are to be installed, before all scripts.
  void set_drivers(const std::vector<Driver> &drivers);
  /// Waits for the cards and gives them their addresses, with priority 2500.
  /// @throws Error(usage) for a text that would break the file's lines
  void set_network(const std::vector<Card> &cards);
  /// Sets the disks of virtio and QEMU online, which Windows may have left offline.
  void set_disks_online();
  /// Installs qemu-ga from an MSI that was added as a file or is uploaded as "files/NAME". Tries it
  /// five times, because another installation may be running.
  void install_guest_agent(const std::string &msi_name);
  /// @param program  the guest's path of blnsvr.exe: "%SystemRoot%\\Drivers\\VirtIO\\blnsvr.exe"
  void install_balloon_service(const std::string &program);

  bool is_empty() const { return scripts_.empty() && drivers_.empty(); }
  const std::vector<File> &scripts() const { return scripts_; }
  /// All but the program. What an earlier conversion left in the directory, its state.txt and scripts
  /// above all, is to be removed first.
  std::vector<File> files() const;
  /// The service, as SYSTEM\<control set>\Services\v2v-firstboot. Does not commit.
  static void register_service(Hive &system, const std::string &control_set);

  /// The program itself, to be uploaded as program_name.
  /// @param architecture  libguestfs's name: "i386" or "x86_64"; Error(unsupported) for others
  static std::string_view program(const std::string &architecture);

 private:
  std::vector<File> scripts_, files_;
  std::string drivers_, network_;
};

}  // namespace v2v::windows
