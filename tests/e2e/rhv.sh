#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# rhv.sh [peer [USER]]: converts a guest into an export storage domain and looks at what became of it. With
# "peer" virt-v2v converts the same guest into another, and OVF and .meta are compared field by field.
# With a USER both do it as this one, whose the domains then are.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"

domain=12345678-1234-1234-1234-123456789abc owner=$(id -u):$(id -g) user=${2-}
[ "$(id -u)" != 0 ] || owner=36:36

# make_domain DIR: an empty export storage domain, attached to a data center.
make_domain() {
  mkdir -p "$1/$domain"/{dom_md,images,master/vms}
  chown -R "$owner" "$1"
}

# the_only PATTERN: the one path that it stands for.
the_only() {
  local found=("$@")
  if [ "${#found[@]}" != 1 ] || [ ! -e "${found[0]}" ]; then fail "expected one file: $*"; fi
  echo "${found[0]}"
}

chmod 755 "$work"
image=$(guest debian-bios)
as=(env)
if [ -n "$user" ]; then
  [ "$(id -u)" = 0 ] || { echo "root is needed to become somebody else"; exit 77; }
  owner=$(id -u "$user"):$(id -g "$user")
  home=$work/home
  mkdir "$home"
  # Where he gets at them.
  cp "$image" "$work/guest.qcow2"
  image=$work/guest.qcow2
  cmake --install "$build_tree" --prefix "$work/installed" >"$work/log"
  v2v=$work/installed/bin/v2v
  chown -R "$owner" "$image" "$home" "$VIRT_V2V_TMPDIR"
  as=(setpriv "--reuid=$user" "--regid=${owner#*:}" --clear-groups
    env "HOME=$home" "LIBGUESTFS_CACHEDIR=$home" "XDG_RUNTIME_DIR=$home")
fi
make_domain "$work/own"
before=$(fingerprint "$image")
options=(-i disk "$image" -if qcow2 -on 'Debian & Söhne' -of qcow2)

say "Convert into an export storage domain"
timeout 900 "${as[@]}" "$v2v" "${options[@]}" -o ovirt -os "$work/own" -v >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "v2v failed"; }
cat "$work/log"
assert_equal "$(fingerprint "$image")" "$before" "the source changed"
assert_nothing_left
if [ -n "$user" ]; then
  grep -q "warning: .*belong to $owner and not to 36:36" "$work/log" || fail "nobody is told whose the files are"
fi

say "Look at the domain"
own_ovf=$(the_only "$work/own/$domain"/master/vms/*/*.ovf)
own_meta=$(the_only "$work/own/$domain"/images/*/*.meta)
volume=${own_meta%.meta}
assert_equal "$(find "$work/own" ! -user "${owner%:*}" -o ! -group "${owner#*:}")" "" "owned by others"
assert_equal "$(stat -c %a "$volume" "$own_meta" "$own_ovf" "${volume%/*}" "${own_ovf%/*}" | paste -sd ' ')" \
  '666 644 644 755 755' "modes"
qemu-img check -q -f qcow2 "$volume"
assert_equal "$(python3 "$source_tree/tests/e2e/ovf-fields" --one \
  Envelope/References/File@href "$own_ovf")" "$(basename "${volume%/*}")/$(basename "$volume")" \
  "the OVF's reference to the disk"

say "A domain that is none is refused at once, and nothing is left in it"
mkdir "$work/none"
if timeout 60 "${as[@]}" "$v2v" "${options[@]}" -o rhv -os "$work/none" >"$work/refused" 2>&1; then
  fail "a directory without a domain was taken"
fi
grep -q 'there is no storage domain' "$work/refused" || { cat "$work/refused"; fail "another error"; }
assert_nothing_left "$work/none"
[ "${1-}" = peer ] || exit 0

say "Convert it with virt-v2v"
make_domain "$work/peer"
timeout 3000 "${as[@]}" LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg \
  virt-v2v "${options[@]}" -o rhv -os "$work/peer" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "virt-v2v failed"; }
peer_ovf=$(the_only "$work/peer/$domain"/master/vms/*/*.ovf)
peer_meta=$(the_only "$work/peer/$domain"/images/*/*.meta)

say "Compare"
# Paths, owners and modes, but for the names, which are random.
tree() {
  (cd "$1" && find . -printf '%y %m %U %G %p\n') | sed -E 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/g' |
    sort
}
diff <(tree "$work/peer") <(tree "$work/own") || fail "the domains are laid out in different ways"
"$source_tree/tests/e2e/ovf-fields" --compare "$peer_ovf" "$own_ovf"
sed -E 's/^(CTIME|MTIME|IMAGE)=[0-9a-f-]+$/\1=…/; s/by virt-v2v .*/by …/; s/by v2v .*/by …/' \
  "$peer_meta" >"$work/peer.meta"
sed -E 's/^(CTIME|MTIME|IMAGE)=[0-9a-f-]+$/\1=…/; s/by virt-v2v .*/by …/; s/by v2v .*/by …/' \
  "$own_meta" | diff "$work/peer.meta" - || fail "the metadata of the volume differs"
