#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The packages are made and installed by dpkg into a root of their own, whose database says what is
# installed on this machine; the program works there with the source tree hidden. One plugin is updated
# alone, and what dpkg has to refuse it refuses.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/packages/lib.sh
source "$(dirname "$0")/lib.sh"
[ "$(id -u)" = 0 ] || { echo "root is needed to install packages"; exit 77; }

debs=$work/debs root=$work/root
chmod 755 "$work"
say "Make the packages"
make_packages "$debs"
plugins=("$build_tree"/plugins/v2v-*.so)
for plugin in "${plugins[@]}"; do
  name=$(basename "$plugin" .so)
  compgen -G "$debs/${name}_*.deb" >"$work/log" || fail "$plugin is in no package of its own"
done

# What this machine has is all that the packages may count on; Debian's virt-v2v is there.
mkdir -p "$root"/var/lib/dpkg/{info,updates}
cp /var/lib/dpkg/arch "$root/var/lib/dpkg" 2>/dev/null || true
awk -v RS= -v ORS='\n\n' '!/(^|\n)Package: v2v(-[a-z0-9-]+)?\n/' /var/lib/dpkg/status \
  >"$root/var/lib/dpkg/status"
install() { dpkg --root="$root" --log=/dev/null --force-script-chrootless --force-unsafe-io -i "$@" >"$work/log" 2>&1; }
# refused PATTERN PACKAGE…: dpkg does not install them, for this reason.
refused() {
  if install "${@:2}"; then fail "installed: ${*:2}"; fi
  grep -q "$1" "$work/log" || { grep -v 'files list file' "$work/log"; fail "refused for another reason"; }
}
# packed NAME VERSION [SED-COMMAND]: the package again with another version and changed fields; its files
# are in $work/repacked.
unpack() { rm -rf "$work/repacked"; dpkg-deb -R "$debs/$1"_*.deb "$work/repacked"; }
pack() {
  sed -i -e "s/^Version: .*/Version: $2/" -e "${3-}" "$work/repacked/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$work/repacked" "$work/$1.deb" >/dev/null
}
# hidden COMMAND…: runs it where nothing of the source tree is to be seen.
hidden() {
  # shellcheck disable=SC2016
  unshare -m sh -c 'mount -t tmpfs none "$1" && cd / && shift && exec "$@"' sh "$source_tree" "$@"
}

say "A plugin without a host is refused"
refused 'depends on v2v-abi-1' "$debs"/v2v-output-null_*.deb
state() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${db:Status-Status}' virt-v2v 2>/dev/null || true; }
assert_equal "$(state)" installed "virt-v2v"

say "Install all of them"
install "$debs"/*.deb || { grep -v 'files list file' "$work/log"; fail "dpkg does not install them"; }
[ "$(state)" != installed ] || fail "two packages are virt-v2v"
hidden "$root/usr/bin/v2v" --list-plugins >"$work/list" 2>&1
assert_equal "$(grep -c "^    $root/usr/lib/v2v/plugins/" "$work/list")" "${#plugins[@]}" "plugins found"
! grep -q "$source_tree" "$work/list" || fail "the program knows the source tree"
for link in virt-v2v virt-v2v-in-place virt-v2v-inspector virt-v2v-open; do
  assert_equal "$(readlink -f "$root/usr/bin/$link")" "$root/usr/bin/v2v" "$link"
  [ -e "$root/usr/share/man/man1/$link.1.gz" ] || fail "no manual page for $link"
done
for deb in "$debs"/*.deb; do
  package=$(dpkg-deb -f "$deb" Package)
  for file in copyright changelog.gz; do
    [ -s "$root/usr/share/doc/$package/$file" ] || fail "$package has no $file"
  done
done
# A page of v2v's, and one of each plugin, in the package of what it is about.
for page in v2v:v2v.1 v2v-dev:v2v-plugin.3 v2v-dev:v2v-plugin.7 v2v-as-virt-v2v:virt-v2v-open.1; do
  grep -q "/man${page##*.}/${page#*:}.gz\$" "$root/var/lib/dpkg/info/${page%:*}.list" || fail "no page $page"
done
for plugin in "${plugins[@]}"; do
  name=$(basename "$plugin" .so)
  grep -q "/man1/$name.1.gz\$" "$root/var/lib/dpkg/info/$name.list" || fail "$name has no manual page"
done
for command in v2v virt-v2v; do
  grep -q 'complete -F' "$root/usr/share/bash-completion/completions/$command" || fail "no completion: $command"
done
[ -e "$root/usr/share/doc/v2v/output-glance.md" ] || fail "no document for glance"
assert_equal "$(find "$root/usr" -type f \( -perm /022 -o ! -user root \))" "" "files of others"
truncate -s 1M "$work/disk.img"
hidden "$root/usr/bin/v2v" -i disk -if raw "$work/disk.img" --print-source | grep -q 'disk' ||
  fail "the installed program does not read a disk"

say "One plugin is updated alone, built with the installed SDK"
unpack v2v-output-null
# shellcheck disable=SC2046  # words are meant to be split
g++ -std=c++17 -fPIC -fvisibility=hidden -shared -DV2V_PLUGIN_VERSION='"7.7"' \
  -o "$work/repacked/usr/lib/v2v/plugins/v2v-output-null.so" "$source_tree/plugins/output/null/null.cpp" \
  $(PKG_CONFIG_PATH=$root/usr/lib/pkgconfig pkg-config --cflags --libs v2v-sdk)
pack v2v-output-null 7.7
install "$work/v2v-output-null.deb" || { cat "$work/log"; fail "no update"; }
hidden "$root/usr/bin/v2v" --list-plugins >"$work/list"
grep -q '^output null 7\.7,' "$work/list" || { cat "$work/list"; fail "the update is not taken"; }
assert_equal "$(grep -c "^    $root/usr/lib/v2v/plugins/" "$work/list")" "${#plugins[@]}" "plugins found"
assert_equal "$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Version}\n' 'v2v*' | grep . | sort -u |
  wc -l)" \
  2 "versions side by side"

say "One that was built for another ABI is refused, and nothing changes"
pack v2v-output-null 8.8 's/v2v-abi-1[^ ,]*/v2v-abi-1-draft1/'
refused 'depends on v2v-abi-1-draft1' "$work/v2v-output-null.deb"

say "What is removed is missed, the rest goes on"
dpkg --root="$root" --log=/dev/null -r --force-depends v2v-output-glance >/dev/null 2>&1
hidden "$root/usr/bin/v2v" --list-plugins >"$work/list"
! grep -q '^output glance' "$work/list" || fail "the plugin is still there"
if hidden "$root/usr/bin/v2v" -i disk "$work/disk.img" -o glance >"$work/log" 2>&1; then fail "without it?"; fi
grep -q 'error:.*glance' "$work/log" || { cat "$work/log"; fail "nothing says what is missing"; }
