#!/bin/bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Every plugin that was built exports its entry and nothing else.
set -euo pipefail
shopt -s nullglob

plugins=("$V2V_BUILD"/plugins/v2v-*.so "$V2V_BUILD"/tests/abi/v2v-output-{good,throwing,manifest}.so)
((${#plugins[@]} > 2)) || { echo "no plugins in $V2V_BUILD"; exit 1; }
failed=0
for plugin in "${plugins[@]}"; do
  symbols=$(nm -D --defined-only --format=just-symbols "$plugin" | sort | tr '\n' ' ')
  echo "$(basename "$plugin"): $symbols"
  [[ $symbols == "v2v_plugin_entry_v1 " ]] || failed=1
done
exit $failed
