// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Old modprobe configurations that tie a device to the old hardware's driver, such as
// "alias eth0 vmxnet3": modprobe.d(5).
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

namespace v2v::linux {

/// Points existing aliases of network cards and disk controllers to the new hardware's drivers and
/// warns of Xen's. It adds none: kernels since 2.6 find drivers by themselves.
void convert_module_aliases(Guest &guest, BlockBus block, NetBus net, const Log &log);

}  // namespace v2v::linux
