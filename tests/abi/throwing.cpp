// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An output that throws wherever it can; the SDK must turn everything into a status.
#include <v2v/output.hpp>

namespace {

class Throwing : public v2v::Output {
 public:
  Throwing(v2v::Host, v2v::OutputRequest request) {
    if (request.name == "refuse")
      throw v2v::Error(v2v::Code::no_space, "the shelf is full", "shelf 3", "empty it");
  }
  v2v::OutputDescription describe() override { throw std::runtime_error("an ordinary exception"); }
  std::vector<v2v::Target> prepare(const v2v::Metadata &) override { throw 42; }
  void commit(const v2v::Metadata &) override { throw std::bad_alloc(); }
  static void abort(const v2v::Host &, const std::vector<std::string> &) {
    throw v2v::Error(v2v::Code::io, "the cable is cut");
  }
};

}  // namespace

V2V_REGISTER_OUTPUT(Throwing, {"throwing", "1", "the v2v authors", "exceptions", {}})
