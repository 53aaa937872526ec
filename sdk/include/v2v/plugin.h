/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * The v2v plugin ABI, version 1.0-draft. This header is the only thing that crosses the
 * boundary between the v2v host and a plugin (a shared object). It is C11, needs no library and
 * reads as the manual: every member says who calls it, from which thread, who owns what, and
 * what it means when it is missing.
 *
 * A PLUGIN is one file, v2v-<kind>-<name>.so, where kind is input, convert or output. It exports
 * one symbol, v2v_plugin_entry_v1, and nothing else.
 *
 * RULES THAT HOLD EVERYWHERE
 *
 *   Sizes.    Every struct starts with `size`: the number of bytes its creator knows, set with
 *             sizeof. The members of 1.0 are always there: a smaller struct is refused. A reader
 *             looks at a later one only if V2V_HAS(type, ptr, member) says it is there; one that is
 *             not there means the default its comment names. A minor version only ever appends
 *             members. Nothing is removed, reordered or given another meaning.
 *   Arrays    are arrays of pointers that end with a null pointer, so that their elements can
 *             grow. A null array is an empty one.
 *   Strings   are UTF-8 and end with a zero byte. A null string means "not known" or "not given",
 *             except where the comment says that it must be there.
 *   Numbers   have fixed widths. A yes/no is an int32_t: V2V_NO, V2V_YES or V2V_UNKNOWN; any other
 *             number counts as V2V_UNKNOWN. Of a number that stands for one of several things, the
 *             comment says what one means that the reader does not know: it is either taken for
 *             another, or the struct is refused. Both sides check; nobody casts.
 *   Calls     take one request struct, after the instance and before the results, so that a call can
 *             grow as a struct can. Only close has none: nothing may ever depend on it.
 *   Memory    belongs to whoever made it. What goes into a call lives until the call returns.
 *             What comes out of a call lives until the instance it came from is closed, or, for a
 *             descriptor and what it points to, until the process ends. Error text is copied by
 *             the host before set_error returns.
 *   Threads   and processes. A tag in brackets says for every function who may call it, or on which
 *             thread the host does:
 *               [serial]      never two such calls on one instance at the same time; from different
 *                             threads one after another, and on two instances at the same time.
 *               [disks]       as [serial], but calls for different disks overlap, unless the output
 *                             says with parallel_disks that it takes one after another.
 *               [any thread]  at any time while the host handle lives.
 *               [this thread] only from the call under way, by the thread that the host called on.
 *               [own process] in the process of this one conversion, which may crash or be killed.
 *               [any process] also in the host's first process, where the command line is read, and
 *                             in one that only cleans up after another that is gone.
 *   Instance. What open or convert stores in *instance is the plugin's own, and may be null. If the
 *             call succeeded, close is called for it once.
 *   Errors.   A call that fails calls host->set_error first and then returns the code as its
 *             status. V2V_E_CANCELLED needs no set_error. No C++ exception and no longjmp may cross
 *             the boundary.
 *   Process.  A plugin that crashes is reported by the parent of the conversion's process, which then
 *             cleans up. A plugin must not call exit, change the
 *             working directory, install signal handlers, or write to standard output.
 *   Trust.    A plugin has all the rights of the host.
 */
#ifndef V2V_PLUGIN_H
#define V2V_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------ */

/* A host serves every plugin of its own major version whose minor is not above its own. */
#define V2V_ABI_MAJOR 1u
#define V2V_ABI_MINOR 0u
/* The number of this draft, until all first inputs, converters and outputs live on the ABI; 0 once
 * it is frozen. A host refuses a plugin that was built for another draft. */
#define V2V_ABI_DRAFT 4u

/* The minor version an author builds for: by default the oldest, so that the plugin loads into
 * old hosts. Define it to a higher number before including this header to be allowed newer
 * members; such a plugin is refused by a host that is older. */
#ifndef V2V_TARGET_MINOR
#define V2V_TARGET_MINOR 0u
#endif
#if V2V_TARGET_MINOR > V2V_ABI_MINOR
#error "V2V_TARGET_MINOR is newer than this plugin.h: install a newer v2v SDK"
#endif

/* True if the struct of this type that `ptr` points to was made by somebody who knows `member`. */
#define V2V_HAS(type, ptr, member) ((ptr)->size >= offsetof(type, member) + sizeof((ptr)->member))

#if defined(__GNUC__) || defined(__clang__)
#define V2V_EXPORT __attribute__((visibility("default")))
#else
#define V2V_EXPORT
#endif

/* ---- Values ------------------------------------------------------------------------------- */

#define V2V_NO 0
#define V2V_YES 1
#define V2V_UNKNOWN (-1)

/* The status of a call. A reader treats a code that it does not know as V2V_E_INTERNAL. */
typedef int32_t v2v_status;
#define V2V_OK 0
#define V2V_E_INTERNAL 1    /* a defect, or a cause that fits nowhere else */
#define V2V_E_USAGE 2       /* the user's arguments or options are wrong */
#define V2V_E_NOT_FOUND 3   /* a file, guest, volume … is not there */
#define V2V_E_ACCESS 4      /* permission or credentials */
#define V2V_E_NO_SPACE 5    /* no room on a disk, in a pool, in a quota */
#define V2V_E_UNSUPPORTED 6 /* understood, but this guest, format or target cannot do it */
#define V2V_E_CORRUPT 7     /* the data is damaged or not what it says it is */
#define V2V_E_IO 8          /* reading, writing or the network failed; trying again may help */
#define V2V_E_EXISTS 9      /* something of this name is already there */
#define V2V_E_CANCELLED 10  /* the host said so through cancelled() */

/* What went wrong, for a person. */
typedef struct v2v_error {
  uint32_t size;
  v2v_status code;
  const char *what;   /* must be there: what failed, one sentence without the object's name */
  const char *object; /* on which file, disk, guest or server; null: on nothing in particular */
  const char *remedy; /* what the person should do next; null: nothing is known to help */
} v2v_error;

/* A key and its value: an option given by the user, or a property of the source. */
typedef struct v2v_pair {
  uint32_t size;
  const char *name;  /* must be there */
  const char *value; /* must be there; may be empty */
} v2v_pair;

/* Where the bytes of a disk are. Never probed: the format always says what they mean. A type that is
 * not known: the location is refused. */
#define V2V_LOCATION_FILE 1 /* a local file or block device */
#define V2V_LOCATION_URI 2  /* an nbd:// or nbd+unix:// URI; the bytes it serves are raw */
#define V2V_LOCATION_FD 3   /* an open file descriptor, which stays its creator's */
typedef struct v2v_location {
  uint32_t size;
  int32_t type;
  const char *path;   /* FILE: absolute path. URI: the URI. FD: null */
  const char *format; /* raw, qcow2, vmdk, vdi, vpc, vhdx; must be there; "raw" for a URI */
  uint64_t offset;    /* FILE and FD: bytes from the start where the disk begins */
  uint64_t length;    /* FILE and FD: bytes from offset; 0: up to the end */
  int32_t fd;         /* FD: the descriptor; else -1 */
  int32_t references; /* V2V_YES: the image may name other files (backing file, extents, external
                         data); the user allowed it or the plugin checked each. Else V2V_NO. */
} v2v_location;

/* ---- The source: the virtual machine as it was -------------------------------------------- */

/* A number that is not known counts as V2V_CONTROLLER_UNKNOWN. */
#define V2V_CONTROLLER_UNKNOWN 0
#define V2V_CONTROLLER_IDE 1
#define V2V_CONTROLLER_SATA 2
#define V2V_CONTROLLER_SCSI 3
#define V2V_CONTROLLER_NVME 4
#define V2V_CONTROLLER_VIRTIO_BLK 5
#define V2V_CONTROLLER_VIRTIO_SCSI 6

/* A hard disk. The order of disks in the source is the order the guest sees them in. */
typedef struct v2v_disk {
  uint32_t size;
  int32_t controller;           /* V2V_CONTROLLER_… */
  const v2v_location *location; /* must be there */
  const char *id;               /* what the source calls it, for messages; null: its path is used */
} v2v_disk;

#define V2V_REMOVABLE_CDROM 1
#define V2V_REMOVABLE_FLOPPY 2
/* A drive for removable media; its medium does not move with the guest. A type that is not known: it
 * is refused. */
typedef struct v2v_removable {
  uint32_t size;
  int32_t type;       /* V2V_REMOVABLE_… */
  int32_t controller; /* V2V_CONTROLLER_… */
  int32_t slot;       /* place on its bus from 0, or -1: not known */
} v2v_removable;

#define V2V_NIC_NETWORK 1
#define V2V_NIC_BRIDGE 2
/* A network card. The order is the order the source lists them in. A type that is not known: it is
 * refused, since to connect a card to the wrong place is worse than to stop. */
typedef struct v2v_nic {
  uint32_t size;
  int32_t type;        /* V2V_NIC_… : what `network` names */
  const char *mac;     /* "52:54:00:12:34:56", lower case; null: not known */
  const char *network; /* name of the network or bridge; null: "default" */
  const char *model;   /* e1000, vmxnet3, virtio …; null: not known */
  int32_t pci_slot;    /* the slot that names it in a guest, 192 for ens192, or -1: not known */
  int32_t reserved;
} v2v_nic;

/* A number that is not known counts as V2V_FIRMWARE_UNKNOWN. */
#define V2V_FIRMWARE_UNKNOWN 0
#define V2V_FIRMWARE_BIOS 1
#define V2V_FIRMWARE_UEFI 2

/* A type that is not known counts as V2V_DISPLAY_VNC. */
#define V2V_DISPLAY_WINDOW 1
#define V2V_DISPLAY_VNC 2
#define V2V_DISPLAY_SPICE 3
typedef struct v2v_display {
  uint32_t size;
  int32_t type;         /* V2V_DISPLAY_… */
  int32_t port;         /* TCP port, or -1: chosen at start */
  const char *keymap;   /* libvirt's keymap name, or null */
  const char *password; /* or null */
  const char *listen;   /* an address, a network name, "none", or null */
} v2v_display;

typedef struct v2v_source {
  uint32_t size;
  uint32_t vcpus;         /* at least 1 */
  uint64_t memory;        /* bytes */
  const char *name;       /* must be there; any UTF-8 but no '\0' */
  const char *genid;      /* VM generation id as a UUID, or null */
  const char *hypervisor; /* vmware, xen, kvm, vbox, physical …; null: not known */
  const char *cpu_vendor; /* or null */
  const char *cpu_model;  /* or null */
  uint32_t cpu_sockets;   /* topology; 0: not known. All three are known or none. */
  uint32_t cpu_cores;
  uint32_t cpu_threads;
  int32_t firmware;            /* V2V_FIRMWARE_… */
  int32_t secure_boot;         /* V2V_YES, V2V_NO, V2V_UNKNOWN */
  int32_t tpm;                 /* V2V_YES, V2V_NO, V2V_UNKNOWN */
  const char *const *features; /* acpi, apic, pae … */
  const v2v_display *display;  /* null: none */
  const char *sound;           /* ac97, es1370, ich6, ich9, pcspk, sb16, usb; null: none */
  const v2v_disk *const *disks;
  const v2v_removable *const *removables;
  const v2v_nic *const *nics;
  /* "windows" if the source says so; null: another, or not told. What the disks hold is only known from
   * the inspection. */
  const char *os_type;
} v2v_source;

/* ---- The inspection: what the disks turned out to hold ------------------------------------ */

typedef struct v2v_mountpoint {
  uint32_t size;
  const char *path;   /* "/", "/boot" … */
  const char *device; /* libguestfs device or mountable */
} v2v_mountpoint;

typedef struct v2v_application {
  uint32_t size;
  int32_t epoch;
  const char *name;
  const char *version;
  const char *release;
  const char *arch;
} v2v_application;

typedef struct v2v_filesystem {
  uint32_t size;
  const char *device; /* libguestfs device or mountable */
  const char *type;   /* ext4, xfs, btrfs, vfat, ntfs, swap, unknown … */
} v2v_filesystem;

/* Everything libguestfs found out about the operating system, collected once by the host. */
typedef struct v2v_inspection {
  uint32_t size;
  int32_t major_version;
  int32_t minor_version;
  int32_t firmware;               /* what the disks are laid out for: V2V_FIRMWARE_BIOS or _UEFI */
  const char *root;               /* device of the root file system */
  const char *type;               /* linux, windows … */
  const char *distro;             /* debian, ubuntu, fedora, windows … */
  const char *arch;               /* x86_64, aarch64 … */
  const char *osinfo;             /* libosinfo short id, "unknown" if there is none */
  const char *package_format;     /* deb, rpm … */
  const char *package_management; /* apt, dnf … */
  const char *product_name;
  const char *product_variant;
  const v2v_mountpoint *const *mountpoints;
  const v2v_filesystem *const *filesystems;
  const v2v_application *const *applications;
  const char *const *esp_devices; /* EFI system partitions; empty for BIOS */
  int32_t boot_disk;              /* index of the disk that boots, or -1: not known */
  int32_t reserved;
} v2v_inspection;

/* ---- Guest caps: which devices the converted guest can drive ------------------------------ */

/* Guest caps with a number that is not known are refused: the machine would not boot. */
#define V2V_BUS_IDE 1
#define V2V_BUS_VIRTIO_BLK 2
#define V2V_BUS_VIRTIO_SCSI 3
#define V2V_NET_E1000 1
#define V2V_NET_VIRTIO 2
#define V2V_NET_RTL8139 3
#define V2V_MACHINE_I440FX 1
#define V2V_MACHINE_Q35 2
#define V2V_MACHINE_VIRT 3

typedef struct v2v_guest_caps {
  uint32_t size;
  int32_t block_bus;  /* V2V_BUS_… */
  int32_t net_bus;    /* V2V_NET_… */
  int32_t machine;    /* V2V_MACHINE_… */
  int32_t virtio_rng; /* V2V_YES, V2V_NO; so the following */
  int32_t virtio_balloon;
  int32_t virtio_socket;
  int32_t isa_pvpanic;
  int32_t virtio_1_0;        /* V2V_NO: the transitional models are needed on q35 */
  int32_t rtc_utc;           /* V2V_NO: the guest expects local time in the clock */
  uint32_t arch_min_version; /* x86-64 level the guest needs (2 = x86-64-v2), 0: any */
  const char *arch;          /* of the machine to create: x86_64, aarch64 …; must be there */
  /* libosinfo short id, where the converter knows better than the inspection; null: the inspection is
   * right. */
  const char *osinfo;
} v2v_guest_caps;

/* ---- The host, as a plugin sees it ------------------------------------------------------ */

#define V2V_LOG_DEBUG 0   /* shown with -v */
#define V2V_LOG_INFO 1    /* something a person wants to know */
#define V2V_LOG_WARNING 2 /* the conversion goes on, but a person should look */

/* How -ip, -op and options that name files with passwords reach a plugin: it declares an option of
 * type FILE and asks for its content here. -ip FILE is -io password-file=FILE, -op FILE is
 * -oo password-file=FILE. */
typedef struct v2v_secret_request {
  uint32_t size;
  uint32_t reserved;
  const char *option; /* must be there: the declared option, e.g. "password-file" */
  const char *prompt; /* what to ask on a terminal if the option is not given; null: do not ask */
} v2v_secret_request;

typedef struct v2v_host v2v_host;
struct v2v_host {
  uint32_t size;
  uint32_t abi_minor;  /* of the host; its major is that of the entry symbol */
  const char *version; /* of the host, e.g. "0.1.0" */
  void *context;       /* the host's own; a plugin only passes `host` back */

  /* [any thread] [any process] `message` is one line without a newline, copied at once. A level that
   * is not known counts as the nearest. */
  void (*log)(const v2v_host *host, int32_t level, const char *message);
  /* [any thread] [own process] Bytes done of disk number `disk` (from 0) of bytes total. May be called
   * often. */
  void (*progress)(const v2v_host *host, uint32_t disk, uint64_t done, uint64_t total);
  /* [any thread] [any process] 1 when the user wants to stop, or another disk has failed: end the call
   * soon, with V2V_E_CANCELLED. */
  int32_t (*cancelled)(const v2v_host *host);
  /* [this thread] [any process] What went wrong, before the failing call returns. Copied at once. */
  void (*set_error)(const v2v_host *host, const v2v_error *error);
  /* [any thread] [own process] The absolute path of a private directory (mode 0700) that disappears
   * with the conversion, whatever happens. Null in the entry call. */
  const char *(*run_directory)(const v2v_host *host);
  /* [this thread] [own process] A secret that the user put into a file or will type. On V2V_OK *value
   * is the text, or null if there is none; it lives until the instance is closed. Never log it. On
   * failure (the file cannot be read) set_error has been called: return that status. */
  v2v_status (*secret)(const v2v_host *host, const v2v_secret_request *request, const char **value);
  /* [any thread] [own process] Outputs only: put an opaque line (no newline) into the journal BEFORE
   * creating something outside the run directory. When it returns V2V_OK the line survives a crash;
   * it is later handed to the plugin's abort. On failure set_error has been called. Inputs and
   * converters, which have no abort, get V2V_E_UNSUPPORTED: they create nothing outside the run
   * directory. */
  v2v_status (*journal)(const v2v_host *host, const char *record);
  /* [any thread] [any process] A table of further functions, or null for one that the host does not
   * know. An id is "v2v.host.<name>/<version>"; another version is another id, and a draft is
   * versioned like any other. Third parties begin theirs with a name of their own,
   * "com.example.<name>/<version>". */
  const void *(*get_extension)(const v2v_host *host, const char *id);
};

/* An extension of the host: a converter says what it changes in the guest, for the report of the
 * conversion. To say nothing is allowed. */
#define V2V_HOST_CHANGES "v2v.host.changes/1"

/* Each text is short and one line: "/etc/default/grub", "console=ttyS0 added", "…". */
typedef struct v2v_change {
  uint32_t size;
  uint32_t reserved;
  const char *object; /* must be there: a file, package, service, registry key … of the guest */
  const char *change; /* must be there: what is different now */
  const char *reason; /* must be there: why */
} v2v_change;

typedef struct v2v_host_changes {
  uint32_t size;
  uint32_t reserved;
  /* [any thread] [own process] After the guest was changed, or when it is sure that it will be. Copied at
   * once. */
  void (*change)(const v2v_host *host, const v2v_change *change);
} v2v_host_changes;

/* ---- Extension of the host: v2v.host.step/1 ---------------------------------------------- */

/* For a call that does one thing after another which a person wants to see begin. */
#define V2V_HOST_STEP "v2v.host.step/1"
typedef struct v2v_host_step {
  uint32_t size;
  uint32_t reserved;
  /* [any thread] [own process] Says what begins now, as the host says its own steps: "Setting the
   * hostname: web01". One line, copied at once. */
  void (*step)(const v2v_host *host, const char *text);
} v2v_host_step;

/* ---- What every plugin says of itself --------------------------------------------------- */

/* A plugin that declares an option of a type that the host does not know is refused. */
#define V2V_OPTION_STRING 1
/* Given alone, or as =true, =false, =yes, =no, =1, =0; passed as "true" or "false": */
#define V2V_OPTION_BOOL 2
#define V2V_OPTION_NUMBER 3 /* a decimal number ≥ 0 */
/* Bytes, with an optional suffix K, M, G, T (powers of 1024); passed as bytes: */
#define V2V_OPTION_SIZE 4
#define V2V_OPTION_FILE 5 /* an existing file; passed as an absolute path */
#define V2V_OPTION_LIST 6 /* may be given several times; passed as several pairs in order */

/* An option of `-io name=value` (inputs), `-co name=value` (converters) or `-oo name=value` (outputs).
 * The host parses and checks it and prints it in
 * its help; a plugin never reads a command line. */
typedef struct v2v_option {
  uint32_t size;
  int32_t type;           /* V2V_OPTION_… */
  const char *name;       /* must be there: lower case, digits, '-' */
  const char *value_name; /* what help shows after '=', e.g. "BYTES"; null: a word for the type */
  const char *default_value; /* passed if the user gives none; null: then nothing is passed */
  const char *help;          /* must be there: one sentence */
} v2v_option;

#define V2V_KIND_INPUT 1
#define V2V_KIND_CONVERT 2
#define V2V_KIND_OUTPUT 3

struct v2v_input;
struct v2v_converter;
struct v2v_output;

typedef struct v2v_plugin {
  uint32_t size;
  uint32_t abi_major;  /* V2V_ABI_MAJOR */
  uint32_t abi_minor;  /* V2V_TARGET_MINOR */
  int32_t kind;        /* V2V_KIND_…: which one of the three tables below is used */
  const char *name;    /* must be there, and be that of the file: lower case, digits, '-' */
  const char *version; /* must be there */
  const char *vendor;  /* must be there */
  const char *handles; /* must be there: what it reads, converts or writes, a few words */
  const v2v_option *const *options;
  const struct v2v_input *input;
  const struct v2v_converter *converter;
  const struct v2v_output *output;
  /* [any thread] [any process] A table of optional powers, or null for one that the plugin does not
   * know. Ids as for the host's: "v2v.output.<name>/<version>". May itself be null. */
  const void *(*get_extension)(const char *id);
  uint32_t abi_draft; /* V2V_ABI_DRAFT */
  uint32_t reserved;
  const char *support_url; /* where a person gets help with this plugin; null: not told */
} v2v_plugin;

/* [serial] [any process] The one exported symbol. Called once, by the thread that loads. Cheap: it does not touch the
 * network or the disk. `host` lives until the process ends. Null refuses to load, after
 * host->set_error. What it returns lives until the process ends. */
#define V2V_PLUGIN_ENTRY v2v_plugin_entry_v1
typedef const v2v_plugin *(*v2v_plugin_entry)(const v2v_host *host);
V2V_EXPORT const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host);

/* ---- Input ------------------------------------------------------------------------------ */

/* What the user asked for on the input side. */
typedef struct v2v_input_request {
  uint32_t size;
  int32_t allow_references;       /* V2V_YES: the user trusts images that name other files */
  const char *const *arguments;   /* the words that are not options: a file, a guest's name … */
  const char *format;             /* -if, or null */
  const char *transport;          /* -it, or null */
  const char *connection;         /* -ic, or null */
  const v2v_pair *const *options; /* declared options, checked, defaults filled in */
} v2v_input_request;

typedef struct v2v_verify_request {
  uint32_t size;
  uint32_t reserved;
} v2v_verify_request;

typedef struct v2v_input {
  uint32_t size;
  uint32_t reserved;
  /* [serial] [own process] Reads the metadata of the source and finds its disks. It copies no disk that can be read in
   * place and changes nothing. `host` lives until close returns. On V2V_OK both results are set;
   * *source lives until close. On failure both are left alone and close is not called. */
  v2v_status (*open)(const v2v_host *host, const v2v_input_request *request, void **instance,
                     const v2v_source **source);
  /* [serial] [own process] After the last byte is read, or after a failure elsewhere. Ends helper
   * processes. Once. */
  void (*close)(void *instance);
  /* [serial] [own process] Whether the source is what it should be, e.g. has the checksums that its manifest gives. Called
   * once, after the conversion and before the copy. What takes long, open starts in threads of the
   * plugin's own, so that it is done by then. Null: nothing to say. */
  v2v_status (*verify)(void *instance, const v2v_verify_request *request);
} v2v_input;

/* ---- Converter (draft until one written out of tree has survived two releases) ---------- */

/* The addresses that a network card is to have in the guest (--mac MAC:ip:…). A converter that keeps the
 * guest's own settings may ignore them. */
typedef struct v2v_static_address {
  uint32_t size;
  uint32_t prefix_length;          /* 0: not given */
  const char *mac;                 /* must be there: of the card, lower case */
  const char *address;             /* must be there: IPv4 or IPv6 */
  const char *gateway;             /* null: not given */
  const char *const *name_servers; /* addresses */
} v2v_static_address;

/* How the user wants the guest, as far as it is a matter of taste. */
typedef struct v2v_wishes {
  uint32_t size;
  int32_t keep_serial_console; /* V2V_NO: the target offers no serial console */
  int32_t rebuild_initramfs;   /* V2V_YES: --initramfs rebuild; V2V_NO: what is quickest and safe */
  int32_t block_bus; /* V2V_BUS_… asked for with --block-driver, or 0: the best. A converter that
                        cannot do it, or does not know the number, fails with V2V_E_UNSUPPORTED */
  const v2v_pair *const *options; /* declared options (-co), checked, defaults filled in */
  int32_t relabel; /* V2V_NO: --no-selinux-relabel; else what was written gets SELinux's labels */
  uint32_t reserved;
  const v2v_static_address *const *static_addresses;
} v2v_wishes;

struct guestfs_h;

typedef struct v2v_probe_request {
  uint32_t size;
  uint32_t reserved;
  const v2v_inspection *inspection; /* must be there */
  const v2v_source *source;         /* must be there */
} v2v_probe_request;

/* inspection, source and wishes must be there. */
typedef struct v2v_convert_request {
  uint32_t size;
  uint32_t reserved;
  /* libguestfs, launched, with the chosen root and its file systems mounted read-write. The host
   * and the plugin link the system's one libguestfs. The plugin neither closes it nor unmounts. */
  struct guestfs_h *guestfs;
  const v2v_inspection *inspection;
  const v2v_source *source;
  const v2v_wishes *wishes;
} v2v_convert_request;

/* source and wishes must be there. */
typedef struct v2v_foresee_request {
  uint32_t size;
  uint32_t reserved;
  const v2v_source *source;
  const v2v_wishes *wishes;
  const v2v_inspection *inspection; /* null: it is not known yet what the disks hold */
} v2v_foresee_request;

typedef struct v2v_finish_request {
  uint32_t size;
  uint32_t reserved;
  struct guestfs_h *guestfs; /* that of convert, with all file systems unmounted */
} v2v_finish_request;

typedef struct v2v_converter {
  uint32_t size;
  uint32_t reserved;
  /* [serial] [own process] How well this converter fits, 0 (not at all) to 100. The highest converts; at a tie the
   * name that sorts first. 50 is right for a converter of a family, 80 for one of exactly this
   * distribution. Cheap; looks at nothing but its request. One that fails calls set_error, which
   * is shown as a warning, and returns 0. */
  int32_t (*probe)(const v2v_host *host, const v2v_probe_request *request);
  /* [serial] [own process] Changes the guest. `host` lives until close returns. On V2V_OK both results are set; *caps
   * lives until close. On failure both are left alone and close is not called. */
  v2v_status (*convert)(const v2v_host *host, const v2v_convert_request *request, void **instance,
                        const v2v_guest_caps **caps);
  /* [serial] [own process] The last word. May be null: nothing to do. */
  v2v_status (*finish)(void *instance, const v2v_finish_request *request);
  /* [serial] [own process] Once. */
  void (*close)(void *instance);
  /* [serial] [own process] Before any work is spent: whether something is missing on this host that a
   * conversion of a guest like the source would need. Warns, or fails if a conversion could not succeed.
   * Every converter is asked as long as it is not known what the disks hold; of a guest that was inspected
   * (v2v check) only the one that would convert it. Null: nothing to say. */
  v2v_status (*foresee)(const v2v_host *host, const v2v_foresee_request *request);
} v2v_converter;

/* ---- Extension of a converter: v2v.converter.customise/1 (draft, as converters are) ------- */

/* Changes that the user wants in the guest besides the conversion (virt-customize's options). A
 * converter without this extension refuses all of them. */
#define V2V_CONVERTER_CUSTOMISE "v2v.converter.customise/1"

/* One change. Its kind is a word, so that kinds can be added; a converter fails with V2V_E_UNSUPPORTED for
 * one that it does not know, or with which nothing can be done in this guest. The kinds of /1, with their
 * arguments; … may be repeated:
 *
 *    append-line FILE LINE       chmod FILE OCTAL              chown FILE UID GID
 *    copy FROM TO                copy-in LOCAL DIRECTORY       delete PATTERN
 *    edit FILE PERL              firstboot LOCAL               firstboot-command COMMAND
 *    firstboot-install PACKAGE…  hostname NAME                 install PACKAGE…
 *    link TARGET LINK…           mkdir DIRECTORY               move FROM TO
 *    password USER HOW TEXT LOCKED METHOD                      run LOCAL
 *    run-command COMMAND         scrub FILE                    ssh-inject USER KEYS
 *    tar-in LOCAL DIRECTORY      timezone ZONE                 touch FILE
 *    truncate FILE               truncate-recursive PATH       uninstall PACKAGE…
 *    update                      upload LOCAL PATH             write FILE CONTENT
 *
 * LOCAL is an absolute path on this machine; all other paths are absolute ones of the guest, with '/'. HOW
 * is "text" (then TEXT is the password), "random" or "disabled"; LOCKED is "locked" or ""; METHOD is md5,
 * sha256, sha512, yescrypt or "" (the guest's own). KEYS are lines of authorized_keys. A password is a
 * secret: it never goes into a log or onto a command line. */
typedef struct v2v_operation {
  uint32_t size;
  uint32_t reserved;
  const char *kind; /* must be there */
  const char *const *arguments;
} v2v_operation;

/* inspection must be there. */
typedef struct v2v_check_operations_request {
  uint32_t size;
  uint32_t reserved;
  struct guestfs_h *guestfs; /* as in convert, but the guest is only looked at */
  const v2v_inspection *inspection;
  const v2v_operation *const *operations;
} v2v_check_operations_request;

typedef struct v2v_customise_request {
  uint32_t size;
  int32_t keep_log;          /* V2V_NO: --no-logfile, what programs said is not left in the guest */
  struct guestfs_h *guestfs; /* that of convert, with the same file systems mounted */
  const v2v_operation *const *operations; /* to be done in this order */
} v2v_customise_request;

typedef struct v2v_customise {
  uint32_t size;
  uint32_t reserved;
  /* [serial] [own process] Before anything is changed: fails if one of the operations cannot be done in
   * such a guest, as far as that can be known. Needs no instance. Must not be null. */
  v2v_status (*check)(const v2v_host *host, const v2v_check_operations_request *request);
  /* [serial] [own process] After convert, before finish: changes the guest. Must not be null. */
  v2v_status (*customise)(void *instance, const v2v_customise_request *request);
} v2v_customise;

/* ---- Output ----------------------------------------------------------------------------- */

/* A number that is not known counts as V2V_ALLOCATION_SPARSE. */
#define V2V_ALLOCATION_SPARSE 1
#define V2V_ALLOCATION_PREALLOCATED 2

/* What the user asked for on the output side. */
typedef struct v2v_output_request {
  uint32_t size;
  int32_t allocation;             /* V2V_ALLOCATION_… (-oa) */
  int32_t allocation_set;         /* V2V_YES: the user gave -oa */
  const char *name;               /* -on; null: the source's name */
  const char *format;             /* -of, or null */
  const char *storage;            /* -os, or null */
  const char *connection;         /* -oc, or null */
  const v2v_pair *const *options; /* declared options, checked, defaults filled in */
} v2v_output_request;

/* How the bytes of a disk get to their target. One that is not known: the target is refused. */
#define V2V_TARGET_HOST_WRITES 1   /* the host writes to `location` at random places */
#define V2V_TARGET_PLUGIN_TAKES 2  /* the host makes a local image and hands it to take() */
#define V2V_TARGET_PLUGIN_COPIES 3 /* copy() moves the bytes by itself (array offload) */
#define V2V_TARGET_DISCARD 4       /* nothing is copied */
#define V2V_TARGET_PLUGIN_READS 5  /* read() reads the finished disk from a server of the host's */
/* Bit of a mode in v2v_output_description.modes. */
#define V2V_MODE_BIT(mode) ((uint32_t)1 << (mode))

typedef struct v2v_describe_request {
  uint32_t size;
  uint32_t reserved;
} v2v_describe_request;

/* What the target can do. Numbers are bytes; 0 means "no limit", "no preference". */
typedef struct v2v_output_description {
  uint32_t size;
  uint32_t max_disks;
  const char *const *formats;  /* formats it takes, the preferred one first; must not be empty */
  uint64_t size_granularity;   /* a disk's size is rounded up to a multiple */
  uint64_t preferred_request;  /* HOST_WRITES: no write of v2v's own copy crosses a multiple */
  uint32_t connections;        /* HOST_WRITES: most concurrent writers to one disk */
  int32_t keep_serial_console; /* V2V_NO: a console on a serial line would never be seen */
  int32_t express_uefi;        /* V2V_NO: a UEFI guest cannot be described to this target */
  uint32_t modes;              /* the V2V_MODE_BITs of the modes that prepare may answer; not 0 */
  uint32_t parallel_disks;     /* most [disks] calls at the same time; 1: they are [serial] */
  uint32_t reserved;
  const char *destination; /* for "Setting up the destination: …", e.g. "-o local -os /x" */
} v2v_output_description;

/* A disk to make room for. */
typedef struct v2v_target_disk {
  uint32_t size;
  uint32_t index;          /* from 0, in the order of the source */
  const char *format;      /* one of the described formats */
  uint64_t virtual_size;   /* bytes, rounded to size_granularity */
  uint64_t estimated_size; /* bytes of data expected, from the guest's file systems; 0: not known */
} v2v_target_disk;

typedef struct v2v_target {
  uint32_t size;
  int32_t mode;                 /* V2V_TARGET_… */
  const v2v_location *location; /* HOST_WRITES: where; must exist by now. Else null */
  int32_t reads_as_zero;        /* V2V_YES: the target is known to be all zeroes now */
  int32_t compressed;           /* V2V_YES: the host writes compressed clusters (qcow2) */
  int32_t preallocated;         /* V2V_YES: zeroes are written and holes are not made */
  int32_t reserved;
  const char *display_name; /* what messages call it, where the path says nothing to a person; null:
                               the path */
} v2v_target;

/* Where a disk or drive goes on the new machine. A type that is not known: it is refused. */
#define V2V_SLOT_EMPTY 0
#define V2V_SLOT_DISK 1
#define V2V_SLOT_REMOVABLE 2
typedef struct v2v_slot {
  uint32_t size;
  int32_t type;   /* V2V_SLOT_… */
  uint32_t index; /* DISK: of the disk; REMOVABLE: of the removable in the source */
} v2v_slot;

typedef struct v2v_buses {
  uint32_t size;
  uint32_t reserved;
  const v2v_slot *const *virtio_blk;
  const v2v_slot *const *ide;
  const v2v_slot *const *scsi;
  const v2v_slot *const *floppy;
} v2v_buses;

/* The new machine, as far as it is known. In precheck, inspection, caps and buses may be null: not
 * known yet. From prepare on everything is there. */
typedef struct v2v_metadata {
  uint32_t size;
  int32_t firmware; /* V2V_FIRMWARE_…: what the new machine must have */
  const char *name; /* of the new machine; must be there */
  const v2v_source *source;
  const v2v_inspection *inspection;
  const v2v_guest_caps *caps;
  const v2v_buses *buses;
  const v2v_target_disk *const *disks;
  const char *generator; /* "v2v 0.1.0" */
} v2v_metadata;

/* In each request, `metadata` must be there. */
typedef struct v2v_precheck_request {
  uint32_t size;
  uint32_t reserved;
  const v2v_metadata *metadata;
} v2v_precheck_request;

typedef struct v2v_prepare_request {
  uint32_t size;
  uint32_t reserved;
  const v2v_metadata *metadata;
} v2v_prepare_request;

typedef struct v2v_take_request {
  uint32_t size;
  uint32_t disk;             /* its index */
  const v2v_location *image; /* the finished disk, in the format of metadata->disks[disk] */
  const v2v_metadata *metadata;
} v2v_take_request;

/* A part of a disk, in bytes. */
typedef struct v2v_range {
  uint32_t size;
  uint32_t reserved;
  uint64_t start;
  uint64_t length; /* not 0 */
} v2v_range;

/* For array offload: the finished disk is the untouched `base` with other content in the ranges of
 * `changes`, in order and without overlap. A base shorter than the disk goes on with zeroes. */
typedef struct v2v_copy_request {
  uint32_t size;
  uint32_t disk;                /* its index */
  const v2v_location *location; /* shows the finished disk */
  const v2v_metadata *metadata;
  const v2v_location *base;        /* the source's disk; null: not offered */
  const v2v_range *const *changes; /* null: not known, every part may differ; empty: none does */
} v2v_copy_request;

/* The server serves the finished disk raw and read-only, without TLS, to as many connections as the
 * plugin opens, with base:allocation for holes and zeroes. Where the disk was rounded up to the size_granularity, what
 * it does not serve is zero. It ends when the call returns. */
typedef struct v2v_read_request {
  uint32_t size;
  uint32_t disk;   /* its index */
  const char *uri; /* "nbd+unix:///?socket=…", for libnbd or qemu; must be there */
  const v2v_metadata *metadata;
  const v2v_location *base;        /* as in v2v_copy_request */
  const v2v_range *const *changes; /* as in v2v_copy_request */
} v2v_read_request;

typedef struct v2v_written_request {
  uint32_t size;
  uint32_t disk; /* its index */
} v2v_written_request;

typedef struct v2v_commit_request {
  uint32_t size;
  uint32_t reserved;
  const v2v_metadata *metadata;
} v2v_commit_request;

typedef struct v2v_abort_request {
  uint32_t size;
  uint32_t reserved;
  const char *const *records; /* what was journalled, in order */
} v2v_abort_request;

/* The life of an output:
 *
 *    open → describe → precheck → prepare → per disk: take | copy | read | the host writes, then written
 *         → commit → close
 *         ↘ a failure anywhere: close, then abort(records)
 *
 * A member that is null (or missing) does nothing and succeeds, unless its comment differs. */
typedef struct v2v_output {
  uint32_t size;
  uint32_t reserved;
  /* [serial] [own process] Checks the request as such: is -os given, does an option make sense. Must
   * not be null. `host` lives until close returns. */
  v2v_status (*open)(const v2v_host *host, const v2v_output_request *request, void **instance);
  /* [serial] [own process] Must not be null. The result lives until close. */
  v2v_status (*describe)(void *instance, const v2v_describe_request *request,
                         const v2v_output_description **description);
  /* [serial] [own process] Before any work is spent: credentials, storage, name clashes, limits, free
   * space. Changes nothing. Called a second time, with the inspection and the estimated sizes, once
   * the guest's file systems have been looked at and before the guest is converted. */
  v2v_status (*precheck)(void *instance, const v2v_precheck_request *request);
  /* [serial] [own process] Creates or adopts a target for each disk; each thing made goes into the
   * journal first. Must not be null. *targets has one element per disk, in order, and lives until
   * close. */
  v2v_status (*prepare)(void *instance, const v2v_prepare_request *request,
                        const v2v_target *const **targets);
  /* [disks] [own process] PLUGIN_TAKES: upload the finished local image. Report through
   * host->progress. */
  v2v_status (*take)(void *instance, const v2v_take_request *request);
  /* [disks] [own process] PLUGIN_COPIES: move the bytes that `location` shows to the target. */
  v2v_status (*copy)(void *instance, const v2v_copy_request *request);
  /* [disks] [own process] PLUGIN_READS: bring the disk that the server serves to the target. */
  v2v_status (*read)(void *instance, const v2v_read_request *request);
  /* [disks] [own process] HOST_WRITES: the disk is complete and on stable storage. */
  v2v_status (*written)(void *instance, const v2v_written_request *request);
  /* [serial] [own process] Writes the metadata and makes the result visible. All or nothing. Must not
   * be null. */
  v2v_status (*commit)(void *instance, const v2v_commit_request *request);
  /* [serial] [any process] Removes everything that the records name and that is there; what is not
   * there is no error. Needs no instance: after a crash a new process loads the plugin only for this.
   * May be called twice with the same records. Must not be null if the plugin ever calls journal. */
  v2v_status (*abort)(const v2v_host *host, const v2v_abort_request *request);
  /* [serial] [own process] Once; must not be null. */
  void (*close)(void *instance);
} v2v_output;

#ifdef __cplusplus
}
#endif
#endif
