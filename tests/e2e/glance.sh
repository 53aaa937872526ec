#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# glance.sh HOW: converts a real guest with a second disk into the real Keystone and Glance, gets the
# images back and boots the first. HOW is https (a private CA, an application credential in clouds.yaml, raw)
# or http (a password in the environment, qcow2, and the plugin built out of tree against the installed
# SDK), or kill: every process is killed in the middle of the
# upload, and the next start removes the image.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

how=$1 cloud=$work/cloud name='Gast äöü'
mkdir "$cloud"
"$source_tree/tests/servers/openstack" "$cloud" >"$work/cloud.log" 2>&1 &
server=$!
end_cloud() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  clean_up
}
trap end_cloud EXIT
image=$(guest debian-bios)
before=$(fingerprint "$image")
for _ in {1..600}; do
  [ ! -e "$cloud/ready" ] || break
  kill -0 "$server" 2>/dev/null || { cat "$work/cloud.log" "$cloud"/*.log; fail "no OpenStack"; }
  sleep 1
done
[ -e "$cloud/ready" ] || { cat "$work/cloud.log" "$cloud"/*.log; fail "OpenStack does not start"; }

# glance METHOD PATH: asks Glance, as the user whom v2v logs in as.
glance() {
  python3 "$source_tree/tests/servers/ask-glance" "$cloud/env" "$@"
}
# images: the ids of all images, hidden ones too.
images() { glance ids; }

unset "${!OS_@}"
if [ "$how" = https ]; then
  export OS_CLOUD=private-ca OS_CLIENT_CONFIG_FILE=$cloud/clouds.yaml
  export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
else
  # shellcheck source=/dev/null
  source "$cloud/env"
fi
secrets="p4ss word|app-secret|gAAAA"  # a token of Keystone's begins with the last

# A disk whose bytes no conversion touches, with holes, and no whole number of anything.
truncate -s $((96 * 1024 * 1024 + 512)) "$work/data.raw"
dd if=/dev/urandom of="$work/data.raw" bs=4096 seek=999 count=777 conv=notrunc status=none
printf 'the end' | dd of="$work/data.raw" bs=512 seek=196608 conv=notrunc status=none
# One source format for both, as -if has it.
qemu-img convert -f raw -O qcow2 "$work/data.raw" "$work/data.qcow2"
format=raw
[ "$how" != http ] || format=qcow2
plugins=()
if [ "$how" = http ]; then
  say "Build the plugin against the installed SDK"
  cmake --install "$build_tree" --prefix "$work/installed" >"$work/log" || { cat "$work/log"; exit 1; }
  "$source_tree/tests/abi/glance/build" "$work/installed" "$work/vendor"
  plugins=(--plugin-dir "$work/vendor/build/plugins")
  "$v2v" "${plugins[@]}" --list-plugins | grep 7.7-vendor || fail "the vendor's plugin is not taken"
fi
command=("$v2v" "${plugins[@]}" -i disk -if qcow2 "$image" "$work/data.qcow2" -io "nic=$test_mac"
  -o glance -of "$format" -on "$name" -v)

# assert_no_secret FILE: no secret reached what v2v says.
assert_no_secret() { ! grep -qE "$secrets" "$1" || fail "a secret in $1"; }

if [ "$how" = kill ]; then
  say "Kill every process in the upload"
  timeout 1200 "${command[@]}" >"$work/log" 2>&1 &
  run=$!
  until [ -n "$(images)" ] && [ -n "$(find "$cloud/images" -type f -size +10M)" ]; do
    kill -0 "$run" 2>/dev/null || { cat "$work/log"; fail "v2v ended before it was killed"; }
    sleep 0.2
  done
  mapfile -t all < <(pgrep -f "$VIRT_V2V_TMPDIR|$v2v")
  for pid in "${all[@]}"; do
    ! grep -qE "$secrets" "/proc/$pid/cmdline" || fail "a secret on a command line"
  done
  main=$(pgrep -P "$run")
  # From the first one, so that none has the time to clean up.
  kill -KILL "$main" "${all[@]}" 2>/dev/null || true
  wait "$run" || true
  [ -n "$(images)" ] || fail "the kill came too late to show anything"
  say "The next start, elsewhere, cannot log in and keeps the record"
  (unset "${!OS_@}"; timeout 100 "$v2v" -i disk "$work/none" -o null) >"$work/next" 2>&1 || true
  grep -q 'OS_PASSWORD' "$work/next" || { cat "$work/next"; fail "nothing says what is missing"; }
  [ -n "$(images)" ] || fail "the image is gone without a login"
  say "The next start removes it"
  timeout 100 "$v2v" -i disk "$work/none" -o null >>"$work/next" 2>&1 || true
  cat "$work/next"
  assert_equal "$(images)" "" "images left in Glance"
  assert_nothing_left
  assert_no_secret "$work/next"
  exit 0
fi

if [ "$how" = https ]; then
  say "A server that nobody vouches for is refused"
  sed '/cacert/d' "$cloud/clouds.yaml" >"$work/clouds.yaml"
  if OS_CLIENT_CONFIG_FILE=$work/clouds.yaml timeout 60 "${command[@]}" >"$work/log" 2>&1; then
    fail "a certificate of an unknown authority was trusted"
  fi
  if ! grep -q "error:.*not trusted" "$work/log" || ! grep -q "hint:.*OS_CACERT" "$work/log"; then
    cat "$work/log"; fail "the error does not help"
  fi
fi

say "Convert ($how, $format)"
timeout 1800 "${command[@]}" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
assert_nothing_left
assert_no_secret "$work/log"

say "What is in Glance"
assert_equal "$(glance names)" "$name"$'\n'"$name-disk2" "the names of the images"
glance properties "$name" >"$work/properties"
cat "$work/properties"
for line in architecture=x86_64 hypervisor_type=kvm vm_mode=hvm hw_disk_bus=virtio \
  hw_vif_model=virtio hw_machine_type=q35 hw_cpu_sockets=1 hw_cpu_cores=1 os_type=linux \
  os_distro=debian hw_rng_model=virtio "disk_format=$format" container_format=bare min_ram=2048 \
  status=active os_hidden=False; do
  grep -qx "$line" "$work/properties" || fail "the image has no $line"
done

say "Get it back"
glance download "$name" "$work/root"
glance download "$name-disk2" "$work/second"
if [ "$format" = raw ]; then
  cmp "$work/data.raw" "$work/second" || fail "the second disk differs"
else
  qemu-img compare -f qcow2 -F raw "$work/second" "$work/data.raw" || fail "the second disk differs"
fi
report=$(boot --disk "$work/root:$format" --bus virtio --firmware bios --mac "$test_mac")
mapfile -t expected < <(on_virtio debian-bios)
assert_report "$report" "${expected[@]}"
