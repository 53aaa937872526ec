# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# suse-btrfs with modules that are not packed, which virt-v2v can read, for bench/conversion.

# shellcheck source=tests/guests/recipes/suse-btrfs.sh
source "$(dirname "${BASH_SOURCE[0]}")/suse-btrfs.sh"
variant_of=suse-btrfs
pack_modules=true
