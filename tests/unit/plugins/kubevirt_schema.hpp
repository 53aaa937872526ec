// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the tests of the KubeVirt manifest hold against it: the fields of KubeVirt's API that may
// occur, each with its type, and a reader of YAML that is none of the plugin's.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace v2v::test {

/// The leaves of a YAML text, each by its path ("spec.template.spec.volumes[].name"), in order. A map
/// or list without elements is a leaf too, "{}" or "[]". Quoted scalars are told by `quoted`.
struct Leaf {
  std::string path, value;
  bool quoted = false;
};

/// @throws std::runtime_error if the text is not one document, or a map has a key twice
std::vector<Leaf> leaves_of(const std::string &yaml);

/// What is wrong with a VirtualMachine of kubevirt.io/v1, one line for each fault; empty: nothing.
std::vector<std::string> faults_of(const std::vector<Leaf> &leaves);

}  // namespace v2v::test
