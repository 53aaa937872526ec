#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The first boots of a converted Windows, under Wine, with what the conversion has put on the disk and nothing
# else: the service as the converted registry has it, its program, the drivers, the scripts. Two drivers never
# install, one of them a required one. All the rest is done nevertheless, the log names what failed, nothing
# is repeated for ever, and the service removes itself.
# shellcheck source=tests/e2e/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/windows-lib.sh
source "$(dirname "$0")/windows-lib.sh"

# The card that Wine will show, if this machine has one.
mac=''
for card in /sys/class/net/*; do
  [ "$(cat "$card/operstate" 2>/dev/null)" != up ] || mac=$(cat "$card/address")
done

say "Convert Windows Server 2025, with changes besides"
mkdir "$work/target"
printf 'echo by a script>"%%SystemDrive%%\\customised.txt"\n' >"$work/set up.cmd"
echo 'a file of the host' >"$work/upload.txt"
changes=(--hostname Web-01 --upload "$work/upload.txt:/windows/DRIVERS" --append-line '/WINDOWS/drivers/Upload.TXT:a line'
  --firstboot "$work/set up.cmd" --firstboot-command 'echo by a command>>"%SystemDrive%\customised.txt"')
disk=$(windows 2025-uefi)
virtio_win ''
timeout 900 "$v2v" -i disk "$disk" -if qcow2 -on w ${mac:+-io "nic=$mac"} -o local -of qcow2 \
  -os "$work/target" "${changes[@]}" >"$work/log" 2>&1 || { cat "$work/log"; fail "v2v failed"; }
grep -q '\] Setting the hostname: Web-01$' "$work/log" || { cat "$work/log"; fail "it does not say what it does"; }
c_drive "$work/target/w-sda" uefi "$work/c"
take_all "$work/c" 'Program Files/Guestfs' "$work/Guestfs"
take_all "$work/c" Windows/Drivers "$work/Drivers"
take "$work/c" Windows/System32/config/SYSTEM "$work/SYSTEM"
# The names are as the file system had them.
assert_equal "$(tr -d '\r' <"$work/Drivers/upload.txt")" $'a file of the host\na line' "the uploaded file"
name=$(hivexget "$work/SYSTEM" '\ControlSet001\Control\ComputerName\ComputerName' ComputerName)
assert_equal "$name" WEB-01 "the computer's name"
# Other texts than UTF-16 would be taken for old ones.
{
  printf '\xff\xfe'
  hivexregedit --export --prefix 'HKEY_LOCAL_MACHINE\SYSTEM' "$work/SYSTEM" \
    '\ControlSet001\Services\v2v-firstboot' | sed 's/ControlSet001/CurrentControlSet/' |
    iconv -f ascii -t utf-16le
} >"$work/service.reg"
converted=$work

say "Put it into a Windows of Wine"
set +e
# shellcheck source=tests/wine/lib.sh
source "$source_tree/tests/wine/lib.sh"
# shellcheck disable=SC2317  # that library calls it
clean_up() {
  power_off
  rm -rf "$work" "$converted"
}
make_windows
system32=$drive_c/windows/system32
cp -r "$converted/Guestfs" "$drive_c/Program Files/Guestfs"
cp -r "$converted/Drivers" "$drive_c/windows/Drivers"
echo 'pnp_seconds=5' >"$directory/settings.txt"
x86_64-w64-mingw32-gcc -shared -Os -o "$system32/newdev.dll" "$source_tree/tests/wine/newdev.c" ||
  fail "newdev.dll cannot be built"
x86_64-w64-mingw32-gcc -municode -Os -o "$system32/msiexec.exe" "$source_tree/tests/wine/msiexec.c" ||
  fail "msiexec.exe cannot be built"
export WINEDLLOVERRIDES="$overrides;newdev=n;msiexec.exe=n"
in_windows regedit /S "Z:${converted//\//\\}\\service.reg" >/dev/null
# Not to be asked for with Wine, which would start it.
power_off
grep -q 'Services.*v2v-firstboot' "$WINEPREFIX/system.reg" || fail "the service is not registered"
cp -r "$directory" "$work/as-delivered"

say "Boot it until nothing more happens"
boots=0
while ((boots < 6)) && [ "$(count 'is finished$')" != 1 ]; do
  # shellcheck disable=SC2119  # the library's, without arguments
  boot || break
  boots=$((boots + 1))
done
# Three attempts at the required driver, each in a boot of its own.
[ "$boots" = 3 ] || fail "it took $boots boots, not 3"
expect 2 'restarting Windows$'
expect 3 'driver .*.netkvm.inf, attempt . of 3'
# One that it can do without is tried again once, in the same boot.
expect 2 'driver .*.smbus.inf, attempt . of 2'
for inf in "$drive_c/windows/Drivers/VirtIO"/*.inf; do
  case ${inf##*/} in
    netkvm.inf | smbus.inf) ;;
    *) expect 1 "driver .*.${inf##*/}, attempt 1" ;;
  esac
done
for script in "$work/as-delivered/scripts"/*; do
  expect 1 "script ${script##*/}, attempt 1 "
done
assert_equal "$(tr -d '\r' <"$drive_c/customised.txt")" $'by a script\nby a command' "what the user's scripts wrote"
# What the conversion wrote is what the programs get.
asked=$drive_c/msiexec.txt
grep -qE '/i .*files.qemu-ga-x86_64.msi.* /qn /norestart' "$asked" || fail "no guest agent"
grep -qiE '/x *\{F32C4E7B-2BF8-4788-8408-824C6896E1BB\} /quiet /norestart' "$asked" || fail "VMware Tools stay"
[ "$(grep -c . "$asked")" = 2 ] || fail "msiexec was called $(grep -c . "$asked") times"
# It is no program for any Windows.
expect 1 '    script 5000-0003-install-blnsvr.bat$'
[ -z "$mac" ] || expect 1 'netsh interface ip set address .* static 192.0.2.10 255.255.255.0 192.0.2.1'
# The end of the log names what failed, for who looks only there.
tail -n 12 "$log" | grep -q 'netkvm.inf' || fail "the end of the log does not name netkvm.inf"
tail -n 12 "$log" | grep -q 'smbus.inf' || fail "the end of the log does not name smbus.inf"
expect 1 'is finished$'
expect_removed
end_scenario "Windows Server 2025"
end_test
