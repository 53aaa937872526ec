// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A plugin of each kind that writes down all that it is asked and told, in a file in the run directory,
// and answers with every field filled.
#include "every_field.hpp"

#include <v2v/converter.hpp>
#include <v2v/input.hpp>
#include <v2v/output.hpp>

#include <fstream>

namespace {

using namespace v2v;
using test::dump;

void echo(const Host &host, const std::string &call, const std::string &what = {}) {
  std::ofstream(host.run_directory() + "/echo", std::ios::app) << call << ": " << what << "\n";
}

class EchoInput : public Input {
 public:
  EchoInput(Host host, const InputRequest &request) : host_(host) {
    echo(host_, "open", dump(request));
  }
  Source open() override { return test::filled<Source>(); }
  void verify() override { echo(host_, "verify"); }

 private:
  Host host_;
};

class EchoConverter : public Converter, public Customising {
 public:
  EchoConverter(Host host, const ConvertRequest &request) : host_(host) {
    echo(host_, "convert", dump(request));
  }
  static int probe(const ProbeRequest &request) { return test::echo_score(request); }
  static void foresee(const Host &host, const ForeseeRequest &request) {
    echo(host, "foresee", dump(request));
  }
  static void check_operations(const Host &host, const CheckOperationsRequest &request) {
    echo(host, "check", dump(request));
  }
  GuestCaps convert() override {
    host_.change("a file", "a line added", "a reason");
    return test::filled<GuestCaps>();
  }
  void customise(const CustomiseRequest &request) override {
    host_.step("a step");
    echo(host_, "customise", dump(request));
  }
  void finish(guestfs_h *guestfs) override { echo(host_, "finish", guestfs ? "a handle" : "none"); }

 private:
  Host host_;
};

class EchoOutput : public Output {
 public:
  EchoOutput(Host host, const OutputRequest &request) : host_(host) {
    echo(host_, "open", dump(request));
  }
  OutputDescription describe() override { return test::echo_description(); }
  void precheck(const Metadata &metadata) override { echo(host_, "precheck", dump(metadata)); }
  std::vector<Target> prepare(const Metadata &metadata) override {
    echo(host_, "prepare", dump(metadata));
    host_.info("an info");
    host_.warning("a warning");
    host_.progress(1, 2, 3);
    host_.journal("a record");
    echo(host_, "secret", host_.secret("password-file", "").value_or("none"));
    echo(host_, "cancelled", host_.cancelled() ? "yes" : "no");
    echo(host_, "extension", host_.extension("none") ? "there" : "none");
    return test::echo_targets(metadata.disks.size());
  }
  void take(const TakeRequest &request) override { echo(host_, "take", dump(request)); }
  void copy(const CopyRequest &request) override { echo(host_, "copy", dump(request)); }
  void read(const ReadRequest &request) override { echo(host_, "read", dump(request)); }
  void written(unsigned disk) override { echo(host_, "written", std::to_string(disk)); }
  void commit(const Metadata &metadata) override {
    echo(host_, "commit", dump(metadata));
    throw test::echo_error();
  }
  static void abort(const Host &host, const std::vector<std::string> &records) {
    for (const auto &record : records) echo(host, "abort", record);
  }

 private:
  Host host_;
};

}  // namespace

#if defined(ECHO_INPUT)
V2V_REGISTER_INPUT(EchoInput, {NAME, "1", "the v2v authors", "echoes", {}})
#elif defined(ECHO_CONVERTER)
V2V_REGISTER_CONVERTER(EchoConverter, {NAME, "1", "the v2v authors", "echoes", {}})
#else
V2V_REGISTER_OUTPUT(EchoOutput,
                    {NAME,
                     "1",
                     "the v2v authors",
                     "echoes",
                     {{"password-file", v2v::OptionType::file, "A secret", "FILE", {}}}})
#endif
