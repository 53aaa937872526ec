#!/usr/bin/env bash
# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Debian's virt-v2v 2.2 and v2v under that name, with the same command lines: what both write on each stream
# and their exit status is the same, byte for byte, but for what this file lists with a reason. A difference
# that is listed and no longer there fails as well. No appliance is started.
# shellcheck disable=SC1112  # virt-v2v's quotation marks
set -u
command -v virt-v2v >/dev/null || { echo "SKIPPED: virt-v2v is not installed"; exit 77; }
[ "$(virt-v2v --version)" = 'virt-v2v 2.2.0' ] || { echo "SKIPPED: virt-v2v is not 2.2.0"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/ours" "$work/run"
ln -s "$V2V_BUILD/virt-v2v" "$work/ours/virt-v2v"
export VIRT_V2V_TMPDIR=$work/run LC_ALL=C.UTF-8
export LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg
cd "$work" || exit 1
cases=0

truncate -s 1M a.img b.img
echo plain >plain.txt
mkdir out parts
truncate -s 10K parts/disk1.vmdk
cat >parts/guest.ovf <<'END'
<?xml version='1.0'?>
<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' xmlns:ovf='http://schemas.dmtf.org/ovf/envelope/1'
  xmlns:vmw='http://www.vmware.com/schema/ovf'
  xmlns:rasd='http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData'>
  <References><File ovf:href='disk1.vmdk' ovf:id='file1' ovf:size='10240'/></References>
  <DiskSection><Info>d</Info>
    <Disk ovf:capacity='10240' ovf:diskId='d1' ovf:fileRef='file1'
      ovf:format='http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized'/></DiskSection>
  <VirtualSystem ovf:id='g'><Info>v</Info><Name>guest</Name>
    <VirtualHardwareSection><Info>h</Info>
      <Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>512</rasd:VirtualQuantity></Item>
      <Item><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceType>6</rasd:ResourceType><rasd:Address>0</rasd:Address></Item>
      <Item><rasd:InstanceID>4</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType><rasd:Parent>3</rasd:Parent>
        <rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:HostResource>ovf:/disk/d1</rasd:HostResource></Item>
      <Item><rasd:InstanceID>5</rasd:InstanceID><rasd:ResourceType>10</rasd:ResourceType>
        <rasd:ResourceSubType>E1000</rasd:ResourceSubType><rasd:Connection>lan</rasd:Connection></Item>
      <vmw:Config ovf:required='false' vmw:key='firmware' vmw:value='bios'/>
    </VirtualHardwareSection></VirtualSystem>
</Envelope>
END
tar -C parts -cf good.ova guest.ovf disk1.vmdk
echo 'garbage line' >parts/guest.mf
tar -C parts -cf garbage.ova guest.ovf disk1.vmdk guest.mf
sum=$(sha1sum <parts/disk1.vmdk) sum=${sum%% *} wrong=0000000000000000000000000000000000000000
echo "SHA1(disk1.vmdk)= $wrong" >parts/guest.mf
tar -C parts -cf corrupt.ova guest.ovf disk1.vmdk guest.mf

# What is left out of both, since it is wanted or cannot be the same:
#   times; blanks at the end of lines, which virt-v2v leaves where it wraps;
#   what v2v says besides: the hint after an error, "code", "object" and "remedy" in JSON;
#   a line of --print-source that virt-v2v has since 2.7.
normal() {
  sed -E -e 's/^\[ {0,3}[0-9]+\.[0-9]\] /[TIME] /' -e 's/ +$//' \
    -e 's/"timestamp": "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{9}[+-][0-9]{2}:[0-9]{2}"/"timestamp": "TIME"/' \
    -e '/^  hint: /d' -e 's/, "code": "[^"]*"(, "object": "([^"\\]|\\.)*")?(, "remedy": "([^"\\]|\\.)*")?( \})/\5/' \
    -e '/^UEFI secureboot: (true|false)$/d' "$1"
}

# but THEIRS OURS: in the next case, and wherever this text of virt-v2v's is, v2v has the other instead.
their_words=() our_words=()
but() { their_words+=("$1") our_words+=("$2"); }

# both ARGUMENT…: a case. virt-v2v takes more than a second for one with a disk, nearly all of it asleep, so
# several are under way at once.
both() {
  cases=$((cases + 1))
  while [ "$(jobs -pr | wc -l)" -ge 8 ]; do wait -n; done
  compare "$cases" "$@" &
  their_words=() our_words=()
}
compare() {
  local who path stream i text theirs ours dir=$work/case$1
  shift
  mkdir "$dir"
  # By the same word: it is how both call themselves before they know better.
  for who in theirs ours; do
    path=$PATH
    [ $who = theirs ] || path=$work/ours:$PATH
    PATH=$path timeout 60 virt-v2v "$@" >"$dir/$who.out" 2>"$dir/$who.err" </dev/null
    echo "exit status $?" >>"$dir/$who.err"
  done
  theirs=$(normal "$dir/theirs.out" && normal "$dir/theirs.err")
  for ((i = 0; i < ${#their_words[@]}; i++)); do
    [[ $theirs = *"${their_words[i]}"* ]] || fail "$*" "virt-v2v does not say any more: ${their_words[i]}"
  done
  for stream in out err; do
    text=$(normal "$dir/theirs.$stream")
    for ((i = 0; i < ${#their_words[@]}; i++)); do
      text=${text//"${their_words[i]}"/"${our_words[i]}"}
    done
    ours=$(normal "$dir/ours.$stream")
    diff <(echo "$text") <(echo "$ours") >"$dir/differences" ||
      fail "$*" "$(echo "standard $stream: < virt-v2v, > v2v"; cat "$dir/differences")"
  done
}
fail() { echo "FAILED: virt-v2v $1: $2" | tee -a "$work/failures"; }

# The command line.
both --nonsense
both -z
both -i disk -i disk
both -i disk -o null -o null
for option in -ic -if -ip -oa -oc -of -on -op -os; do both $option sparse $option sparse; done
both -it ssh -it ssh
both -i foo
both -o foo
both --root foo
both -oa foo
both -it foo
both -i vmx -it foo a.vmx
both -b b1 -b b1
both -b b1:x -b b1:y
both -b :
both -n n1:r1 -n n1:r2
both -n n1 -n n2
both -n :
both --mac 00:11
both --mac 00:11:22:33:44:55:network:a --mac 00:11:22:33:44:55:bridge:b
both --mac 00:11:22:33:44:55:ip:zz
both --mac 00:11:22:33:44:55:ip:1.2.3.4,zz
both --mac 00:11:22:33:44:55:ip:1.2.3.4,1.2.3.1,200
both --mac 00:11:22:33:44:55:ip:1.2.3.4,1.2.3.1,x
both --machine-readable=foo
both --machine-readable=stream:foo
both --machine-readable=fd:x
both --machine-readable=file:
both --key foo
# What follows the first colon may be a passphrase of somebody who forgot the word before it.
but "'foo:bar'" "'foo'"
both --key foo:bar
but "'foo:file'" "'foo'" ; but ', or too many fields' ''
both --key foo:file
both --no-trim all -i disk
both --vmtype server -i disk
both --debug-gc -i disk

# The source.
both
both -i disk
both -i libvirt
both -i libvirtxml
both -i ova
but 'expecting a VMX file or ssh:// URI' 'expecting one VMX file on the command line'
both -i vmx
both -i vmx nonexistent.vmx
both -i libvirtxml nonexistent.xml
# The object of an error stands at its beginning.
but 'access: No such file or directory: nonexistent' 'nonexistent: No such file or directory'
both -i disk nonexistent
but 'access: No such file or directory: nonexistent' 'nonexistent: No such file or directory'
both -i ova nonexistent
# virt-v2v reads the whole options only when the source is set up; here nothing is begun with a wrong one.
but '[TIME] Setting up the source: -i disk a.img' ''
but 'no -io (input options) are allowed here' "-i disk: unknown option 'foo'"
both -i disk a.img -io foo=bar -o null
but $'\n\nFormats which we currently understand for '"'-i ova' are: tar (uncompressed, compress with gzip or xz), zip" ': this is no OVA'
but 'error: plain.txt' "error: $work/plain.txt"
both -i ova plain.txt
# virt-v2v names the algorithm where it means the sum.
but "checksum of disk disk1.vmdk does not match manifest (actual = $sum, expected = sha1)" \
  "the SHA1 sum of disk1.vmdk in corrupt.ova is $sum, and should be $wrong by its manifest"
both -i ova corrupt.ova --print-source

# What is found out of it.
both -i disk a.img --print-source
both -q -i disk a.img b.img --print-source
both -i ova good.ova --print-source
both -q -i ova good.ova --print-source
both -i ova garbage.ova --print-source
both --colours -i ova garbage.ova --print-source
both --machine-readable -i ova garbage.ova --print-source
both --machine-readable -i disk a.img --print-source
both --machine-readable -i foo
both --machine-readable=stream:stderr -i disk a.img --print-source
but 'access: No such file or directory: nonexistent' 'nonexistent: No such file or directory'
both --machine-readable -i disk nonexistent
# The hint stands between the error and the request, so only the error itself is red.
but $'line\n\nIf' $'line\e[0m\n\nIf'
but $'[...]\e[0m' '[...]'
both --colours -i disk
both --wrap -i disk

# The target.
both -i disk a.img -o null -of qcow2
both -i disk a.img -o null -os x
both -i disk a.img -o null -oc x
both -i disk a.img -o null -op x
but 'error: no -oo' 'error: -o null: no -oo'
both -i disk a.img -o null -oo foo=1
# -o local and -o disk are the same; what to do is in the hint.
but '-o disk: output directory was not specified, use '"'-os /dir'" '-o local: output directory was not specified'
both -i disk a.img -o local
but ", use '-os /dir'" ''
both -i disk a.img -o qemu
but '-os /nonexistent: output directory does not exist or is not a directory' \
  '/nonexistent: cannot use the output directory: No such file or directory'
both -i disk a.img -o local -os /nonexistent
but '-o disk: unknown output option ‘-oo foo’' "-o local: unknown option 'foo'"
both -i disk a.img -o local -os out -oo foo
# The first that is missing; virt-v2v wants all of them as well.
but 'either -oo vdsm-vol-uuid or -oo vdsm-vm-uuid was not specified' '-oo vdsm-image-uuid was not specified'
both -i disk a.img -o vdsm
both -i disk a.img -o rhv
both -o null -oo '?'

wait
# Everything in virt-v2v's list is in ours, in its order.
listed() { PATH=$2 virt-v2v "${@:3}" >"$1" 2>&1 </dev/null; }
inserted() {
  listed theirs.list "$PATH" "$@"; listed ours.list "$work/ours:$PATH" "$@"
  diff theirs.list ours.list | grep '^<' >differences && fail "$*" "$(cat differences)"
}
inserted --machine-readable
# Every option, the plugins' too, is there, but a cookie, which is as good as a password and would be seen.
words() { grep -oE -e '-oo [a-z0-9-]+|-io [a-z0-9-]+|^--?[a-z-]+$' "$1" | sort -u; }
all_there() {
  listed theirs.list "$PATH" "$@"; listed ours.list "$work/ours:$PATH" "$@"
  comm -23 <(words theirs.list) <(words ours.list) | grep -v vddk-cookie >differences &&
    fail "$*" "lacks: $(cat differences)"
}
for list in --short-options --long-options '-o local -oo ?' '-o qemu -oo ?' '-o vdsm -oo ?' '-o rhv-upload -oo ?' \
  '-o glance -oo ?' '-ic vpx://x -it vddk -io ?' '-o libvirt -oo ?'; do
  set -f
  # shellcheck disable=SC2086  # words
  all_there $list
  set +f
done

# A signal, as soon as there is something to stop.
stopped() {
  PATH=$2 virt-v2v -i disk a.img -o null >"$1.out" 2>"$1.err" </dev/null &
  local stop=$! tries=600
  until grep -q 'Setting up' "$1.out" || [ $((--tries)) = 0 ]; do sleep 0.05; done
  kill -TERM $stop
  wait $stop
  echo "exit status $?" >>"$1.err"
}
stopped theirs "$PATH"
stopped ours "$work/ours:$PATH"
diff theirs.err ours.err >differences || fail "stopped" "$(cat differences)"

echo "$cases command lines"
[ ! -e "$work/failures" ]
