// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest in a temporary directory, and a log that remembers.
#pragma once

#include "../temporary_directory.hpp"

#include <v2v/linux/directory_guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace v2v::linux {

class SystemTest : public testing::Test {
 protected:
  SystemTest() : guest(directory_.path().string()) {
    log.on_debug = [this](const std::string &text) { debugs.push_back(text); };
    log.on_info = [this](const std::string &text) { infos.push_back(text); };
    log.on_warning = [this](const std::string &text) { warnings.push_back(text); };
    log.on_change = [this](const std::string &object, const std::string &change,
                           const std::string &reason) {
      changes.push_back(object + ": " + change + " (" + reason + ")");
    };
  }

  const std::filesystem::path &host_directory() const { return directory_.path(); }
  void empty_file(const std::string &path) { guest.write(path, ""); }
  void empty_files(std::initializer_list<const char *> paths) {
    for (const char *path : paths) empty_file(path);
  }

 private:
  test::TemporaryDirectory directory_;

 protected:
  DirectoryGuest guest;
  Log log;
  std::vector<std::string> debugs, infos, warnings, changes;
};

/// A source with that many SCSI disks.
inline Source source_with_disks(unsigned count, Controller controller = Controller::scsi) {
  Source source;
  source.disks.resize(count);
  for (auto &disk : source.disks) disk.controller = controller;
  return source;
}

inline Source source_with_macs(std::initializer_list<const char *> macs) {
  Source source;
  for (const char *mac : macs) {
    Nic nic;
    nic.mac = mac;
    source.nics.push_back(nic);
  }
  return source;
}

inline Inspection debian(int major = 12) {
  Inspection inspection;
  inspection.type = "linux";
  inspection.distro = "debian";
  inspection.major_version = major;
  inspection.arch = "x86_64";
  inspection.package_format = "deb";
  inspection.package_management = "apt";
  inspection.firmware = Firmware::bios;
  return inspection;
}

inline void install(Inspection &inspection, std::initializer_list<const char *> packages) {
  for (const char *name : packages) {
    Application application;
    application.name = name;
    inspection.applications.push_back(application);
  }
}

}  // namespace v2v::linux
