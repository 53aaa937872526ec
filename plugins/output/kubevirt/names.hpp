// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Names in Kubernetes are narrower than those of guests and networks. Pure functions; any thread.
// Source: "Object Names and IDs" and "Labels and Selectors" of the Kubernetes documentation.
#pragma once

#include <string>

namespace v2v::output_kubevirt {

/// The name as a DNS subdomain of RFC 1123 with at most 63 characters (an object may have more, but
/// KubeVirt also makes labels of a machine's name): small letters, digits, '-' and '.'. Everything
/// else becomes '-'. Empty if nothing of it can stay.
std::string fit_name(const std::string &name);

/// The name of a network for Multus: NAME or NAMESPACE/NAME, each as fit_name has it.
std::string fit_network(const std::string &name);

/// True for what may be the value of a label.
bool is_label_value(const std::string &value);

}  // namespace v2v::output_kubevirt
