// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o null: converts and throws the result away, to try out whether a guest can be converted.
// Nothing is written and nothing is copied.
#include <v2v/output.hpp>

namespace {

using namespace v2v;

class NullOutput : public Output {
 public:
  NullOutput(Host, const OutputRequest &request) {
    refuse(!request.connection.empty(), "-oc");
    refuse(!request.storage.empty(), "-os");
    refuse(!request.format.empty() && request.format != "raw", "-of");
    refuse(request.allocation == Allocation::preallocated, "-oa preallocated");
  }

  OutputDescription describe() override {
    OutputDescription description;
    description.formats = {"raw"};
    description.modes = mode_bit(Target::Mode::discard);
    description.destination = "-o null";
    return description;
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    Target target;
    target.mode = Target::Mode::discard;
    return std::vector<Target>(metadata.disks.size(), target);
  }

  void commit(const Metadata &) override {}

  static void abort(const Host &, const std::vector<std::string> &) {}

 private:
  static void refuse(bool given, const std::string &option) {
    if (given)
      throw Error(Code::usage, option + " option cannot be used in this output mode", "-o null",
                  "leave it out");
  }
};

}  // namespace

V2V_REGISTER_OUTPUT(NullOutput, PluginInfo{"null",
                                           V2V_PLUGIN_VERSION,
                                           "the v2v authors",
                                           "nothing: the result is thrown away",
                                           {}})
