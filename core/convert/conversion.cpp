// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The pipeline, top to bottom. Conversion comes before copying because it is the step most likely
// to fail; what can be checked is checked before that. Everything here runs in the supervisor's
// child; whatever throws, the supervisor cleans up.
#include <core/convert/conversion.hpp>

#include <core/convert/buses.hpp>
#include <core/convert/copying.hpp>
#include <core/convert/describe.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/convert/in_place.hpp>
#include <core/convert/opening.hpp>
#include <core/convert/plugin_instances.hpp>
#include <core/disk/estimate.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/disk/source_watch.hpp>
#include <core/guest/appliance.hpp>
#include <core/guest/devices.hpp>
#include <core/guest/filesystems.hpp>
#include <core/guest/inspection.hpp>
#include <core/guest/packages.hpp>
#include <core/guest/root_search.hpp>
#include <core/plugin/options.hpp>
#include <core/run/durable.hpp>
#include <core/run/supervisor.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

// Room for the overlays of an ordinary guest; virt-v2v(1) asks for as much, "Minimum free
// space check in the host".
constexpr std::uint64_t needed_scratch_space = std::uint64_t{1} << 30;

std::uint64_t round_up(std::uint64_t size, std::uint64_t granularity) {
  return granularity > 1 ? (size + granularity - 1) / granularity * granularity : size;
}

class Conversion {
 public:
  Conversion(const ConversionSettings &settings, PluginCatalog &plugins,
             PluginEnvironment environment)
      : settings_(settings),
        plugins_(plugins),
        environment_(std::move(environment)),
        say_(environment_.reporter) {}

  void run() {
    try {
      take_steps();
    } catch (const Error &error) {
      // A call into an appliance that is gone can only say so; the appliance knows why it ended.
      const auto cause = appliance_ ? appliance_->failure() : std::nullopt;
      throw about_disk(cause ? *cause : error, source_ ? source_->disks : std::vector<Disk>());
    }
  }

 private:
  void take_steps() {
    open_source();
    if (settings_.print_source) {
      input_->verify();
      return settings_.print_source(source());
    }
    if (is_finished()) return;
    measure_source();
    if (!settings_.run.empty()) return run_command();
    if (settings_.convert) check_converters();
    if (!settings_.output.empty() && !settings_.print_estimate) check_target();
    launch_appliance();
    inspect_guest();
    if (settings_.convert) {
      check_space();
      convert_guest();
    }
    close_overlays();
    verify_source();
    if (settings_.report) settings_.report(report());
    if (settings_.print_estimate) return settings_.print_estimate(measured_sizes());
    if (settings_.in_place != InPlace::no) return change_own_disks();
    if (!output_) return say_.step("Finishing off");
    assign();
    copy();
    watch_.check();
    deliver();
  }

  const Source &source() const { return *source_; }
  guestfs_h *g() const { return appliance_->handle(); }
  const std::string &name() const {
    return settings_.output_request.name.empty() ? source().name : settings_.output_request.name;
  }

  void open_source();
  bool is_finished();
  void measure_source();
  void run_command();
  void check_converters();
  void check_target();
  void launch_appliance();
  void inspect_guest();
  void check_space();
  void convert_guest();
  void close_overlays();
  void verify_source();
  std::vector<std::uint64_t> measured_sizes() const;
  Report report() const;
  void change_own_disks();
  void copy();
  void deliver();

  const LoadedPlugin &best_converter();
  void check_converter_options();
  Wishes wishes() const;
  std::vector<std::string> source_names() const;
  void decide_firmware();
  void assign();
  void estimate(const std::vector<std::uint64_t> &sizes);
  std::vector<TargetDisk> target_disks() const;
  Metadata metadata() const;

  const ConversionSettings &settings_;
  PluginCatalog &plugins_;
  PluginEnvironment environment_;
  Reporter &say_;

  // In the order of their making; the appliance ends before the input that serves its disks.
  std::unique_ptr<InputInstance> input_;
  std::optional<Source> source_;
  SourceWatch watch_;
  std::optional<OwnDisks> own_disks_;  // of a conversion in place
  std::optional<Commit> commit_;       // by way of overlays
  std::vector<DiskUnderway> disks_;
  std::unique_ptr<OutputInstance> output_;
  std::unique_ptr<Appliance> appliance_;
  Inspection inspection_;
  std::vector<Filesystem> devices_;  // those that hold other devices included
  std::vector<FilesystemUsage> usage_;
  std::vector<ReportedFilesystem> reported_;  // what the report needs of the appliance
  WindowsPlaces windows_;
  std::string converter_;
  GuestCaps caps_;
  Buses buses_;
  Firmware firmware_ = Firmware::unknown;
};

// 1. The input turns its argument into a Source and says where the bytes of each disk are.
void Conversion::open_source() {
  const auto &plugin = plugins_.find(Kind::input, settings_.input);
  auto request = settings_.input_request;
  const auto who = "-i " + settings_.input;
  request.options = check_options(plugin.info.options, settings_.input_options, who);
  say_.step(fmt::format("Setting up the source: {}{}{}", who, request.arguments.empty() ? "" : " ",
                        fmt::join(request.arguments, " ")));
  input_ = std::make_unique<InputInstance>(plugin, environment_, request);
  source_ = input_->source();
  environment_.journal.guest(source().name);
  if (source().disks.empty())
    throw Error(Code::unsupported, "the source has no disks to convert", source().name);
  if (settings_.map_nic)
    for (auto &nic : source_->nics)
      if (const auto warning = settings_.map_nic(nic)) say_.warning(*warning);
  say_.debug(describe_source(source()));
}

// A disk that a conversion in place left half written can be finished, and nothing else.
bool Conversion::is_finished() {
  const auto registry = CommitRegistry::of_this_user();
  if (settings_.in_place == InPlace::no) {
    refuse_half_written(source(), registry);
    return false;
  }
  if (!finish_commit(source(), registry, say_)) return false;
  say_.info("The guest was converted before, and its disks are whole now.");
  return true;
}

// Each disk is opened by qemu for the first time.
void Conversion::measure_source() {
  if (settings_.in_place != InPlace::no) own_disks_.emplace(source(), settings_.in_place);
  if (settings_.in_place == InPlace::overlay)
    commit_ = planned_commit(source(), environment_.run_directory);
  watch_ = SourceWatch(source());
  firmware_ = source().firmware;
  for (const auto &disk : source().disks)
    disks_.emplace_back().source_size = virtual_size(disk.location, environment_.cancellation);
}

// In place of everything that follows.
void Conversion::run_command() {
  environment_.journal.exit_status(run_with_disks(settings_.run, source(), environment_));
}

// 2a. A converter that does not load is found now, not when the guest is ready for it.
void Conversion::check_converters() {
  check_converter_options();
  for (const auto *converter : plugins_.load_all(Kind::convert))
    foresee(*converter, environment_, {source(), wishes()});
}

// 2b. Failing here costs a second, failing after the copy costs hours.
void Conversion::check_target() {
  const auto &plugin = plugins_.find(Kind::output, settings_.output);
  auto request = settings_.output_request;
  request.options =
      check_options(plugin.info.options, settings_.output_options, "-o " + settings_.output);
  output_ = std::make_unique<OutputInstance>(plugin, environment_, request);
  const auto &target = output_->description();
  const auto format = request.format.empty() ? target.formats.front() : request.format;
  if (std::find(target.formats.begin(), target.formats.end(), format) == target.formats.end())
    throw Error(Code::usage, fmt::format("this output cannot write the format '{}'", format),
                "-o " + settings_.output,
                fmt::format("use -of with one of: {}", fmt::join(target.formats, ", ")));
  if (target.max_disks && source().disks.size() > target.max_disks)
    throw Error(Code::unsupported,
                fmt::format("the guest has {} disks, and this output takes at most {}",
                            source().disks.size(), target.max_disks),
                source().name);
  for (unsigned i = 0; i < disks_.size(); ++i)
    disks_[i].wanted = {i, format, round_up(disks_[i].source_size, target.size_granularity), 0};
  output_->precheck(metadata());
}

// Which converter it will be is not known yet; but one of them must understand what was given.
void Conversion::check_converter_options() {
  std::optional<Error> refused;
  for (const auto *plugin : plugins_.load_all(Kind::convert)) try {
      check_options(plugin->info.options, settings_.converter_options,
                    "-co of the converter " + plugin->info.name);
      return;
    } catch (const Error &error) {
      refused = error;
    }
  if (refused) throw *refused;
}

// 3 and 4a. The source is only ever read: every change goes to the overlays, but for
// --in-place=direct.
void Conversion::launch_appliance() {
  say_.step("Opening the source");
  appliance_ = std::make_unique<Appliance>(
      Appliance::Settings{environment_.run_directory, settings_.appliance_memory,
                          settings_.appliance_cpus, needs_clevis(settings_.keys), settings_.trace},
      say_, environment_.cancellation);
  for (unsigned i = 0; i < disks_.size(); ++i) {
    const auto &location = source().disks[i].location;
    if (settings_.in_place == InPlace::direct) {
      appliance_->add_own_disk(location.path, location.format);
      continue;
    }
    disks_[i].overlay = Overlay::create(location, environment_.run_directory / overlay_name(i),
                                        environment_.cancellation, disks_[i].source_size);
    appliance_->add_overlay(disks_[i].overlay->path(), display_name(source().disks[i].location));
  }
  // qemu has locks of its own on what it changes, and ours would be in their way.
  if (settings_.in_place == InPlace::direct) {
    say_.warning("What is changed is changed at once: after a failure only a backup helps.");
    own_disks_.reset();
  }
  appliance_->launch();
}

// 4b. Everything about the guest is asked once.
void Conversion::inspect_guest() {
  say_.step("Checking filesystem integrity before conversion");
  const auto disks = read_disk_starts(g());
  auto filesystems = unlock_disks(g(), disks, settings_.keys, environment_.ask_secret, say_);
  RootSearch search(g(), filesystems, disks);
  check_filesystems(g(), filesystems, &search);
  say_.step("Detecting if this guest uses BIOS or UEFI to boot");
  const auto firmware = detect_firmware(disks, source().firmware);
  say_.step("Inspecting the source");
  const RootWish wish{settings_.root, settings_.ask_root, disks};
  const auto systems = search.systems();
  inspection_ =
      systems ? choose_system(*systems, wish) : inspect(g(), source_names(), filesystems, wish);
  inspection_.firmware = firmware.firmware;
  inspection_.esp_devices = firmware.esp_devices;
  devices_ = filesystems;
  std::erase_if(filesystems, [](const auto &one) { return is_container(one.type); });
  inspection_.filesystems = std::move(filesystems);
  if (settings_.report) {
    reported_ = describe_filesystems(g(), inspection_.filesystems);
    if (inspection_.type == "windows") windows_ = find_windows_places(g(), inspection_.root);
  }
  mount_guest(g(), inspection_, say_);
  mount_esp(g(), inspection_, say_);
  if (!windows_.software_hive.empty())
    find_windows_policy(g(), windows_, environment_.run_directory, say_);
  inspection_.applications = list_applications(g(), inspection_);
  say_.step("Detecting the boot device");
  inspection_.boot_disk = detect_boot_disk(disks, inspection_);
  say_.debug(describe_inspection(inspection_));
  decide_firmware();
  if (!settings_.convert) {
    converter_ = best_converter().info.name;
    guestfs_umount_all(g());
  }
}

std::vector<std::string> Conversion::source_names() const {
  std::vector<std::string> names;
  for (const auto &disk : source().disks) names.push_back(disk_name(disk));
  return names;
}

void Conversion::decide_firmware() {
  firmware_ = source().firmware == Firmware::unknown ? inspection_.firmware : source().firmware;
  if (firmware_ == Firmware::uefi && output_ && !output_->description().express_uefi)
    throw Error(Code::unsupported, "this guest boots with UEFI, which the target cannot express",
                "-o " + settings_.output, "choose another output");
}

// 4c. Room inside the guest for the conversion, and on the target for the copy.
void Conversion::check_space() {
  say_.step("Checking for sufficient free disk space in the guest");
  usage_ = filesystem_usage(g(), inspection_);
  check_free_space(usage_, inspection_.type == "windows");
  if (!output_) return;
  std::vector<std::uint64_t> sizes;
  for (const auto &disk : disks_) sizes.push_back(disk.wanted.virtual_size);
  estimate(estimate_target_sizes(usage_, sizes));
  say_.debug(describe_space(usage_, target_disks()));
  output_->precheck(metadata());
}

void Conversion::estimate(const std::vector<std::uint64_t> &sizes) {
  for (std::size_t i = 0; i < disks_.size(); ++i) disks_[i].wanted.estimated_size = sizes[i];
}

std::vector<TargetDisk> Conversion::target_disks() const {
  std::vector<TargetDisk> wanted;
  for (const auto &disk : disks_) wanted.push_back(disk.wanted);
  return wanted;
}

Metadata Conversion::metadata() const {
  return {name(), "v2v " V2V_VERSION, firmware_, source(), inspection_, caps_,
          buses_, target_disks()};
}

// 5. The converter that knows this guest best changes it.
void Conversion::convert_guest() {
  const auto &plugin = best_converter();
  converter_ = plugin.info.name;
  say_.step(fmt::format("Converting {} to run on KVM", guest_in_words(inspection_)));
  auto wanted = wishes();
  wanted.options = check_options(plugin.info.options, settings_.converter_options,
                                 "-co of the converter " + plugin.info.name);
  ConverterInstance converter(plugin, environment_, {g(), inspection_, source(), wanted});
  caps_ = converter.caps();
  if (!caps_.osinfo.empty()) inspection_.osinfo = caps_.osinfo;
  say_.note(caps_.block_bus == BlockBus::ide ? "This guest does not have virtio drivers installed."
                                             : "This guest has virtio drivers installed.");
  if (const auto unmet = unmet_block_driver(settings_.block_bus, caps_.block_bus))
    say_.warning(*unmet);
  say_.debug(describe_caps(caps_));
  guestfs_umount_all(g());
  converter.finish(g());
}

// But for the options, which each converter has of its own.
Wishes Conversion::wishes() const {
  Wishes wishes;
  wishes.keep_serial_console = !output_ || output_->description().keep_serial_console;
  wishes.rebuild_initramfs = settings_.rebuild_initramfs;
  wishes.relabel = settings_.relabel;
  wishes.block_bus = settings_.block_bus;
  wishes.static_addresses = settings_.static_addresses;
  return wishes;
}

const LoadedPlugin &Conversion::best_converter() {
  const LoadedPlugin *best = nullptr;
  int best_score = 0;
  // By name, so that the first of two equals wins every time.
  for (const auto *plugin : plugins_.load_all(Kind::convert)) {
    const int score = probe(*plugin, environment_, {inspection_, source()});
    say_.debug(fmt::format("converter {}: score {}", plugin->info.name, score));
    if (score > best_score) std::tie(best, best_score) = std::pair(plugin, score);
  }
  if (!best)
    throw Error(
        Code::unsupported,
        fmt::format("v2v is unable to convert this guest type ({}/{}): no converter takes {}",
                    inspection_.type, inspection_.distro, inspection_.product_name),
        source().name,
        "see v2v --list-plugins for what the converters here handle, or install one for it");
  return *best;
}

// 6. Blank and deleted blocks are not copied.
void Conversion::close_overlays() {
  // In place it would only be more to write.
  if (settings_.in_place == InPlace::no && settings_.fstrim) {
    say_.step("Mapping filesystem data to avoid copying unused and blank areas");
    trim_filesystems(g(), inspection_.filesystems, say_);
  } else if (settings_.in_place == InPlace::no) {
    say_.step("Skipping fstrim (--no-fstrim specified)");
  }
  say_.step("Checking filesystem integrity after conversion");
  check_filesystems(g(), checked_afterwards(inspection_), nullptr);
  say_.step("Closing the overlay");
  stop_raids(g(), devices_);
  say_.debug(fmt::format("appliance calls: {}", appliance_->calls()));
  appliance_->close();
  appliance_.reset();
  for (auto &disk : disks_)
    if (disk.overlay) disk.contents = disk.overlay->contents(environment_.cancellation);
}

// What was read for the conversion was right, and still is.
void Conversion::verify_source() {
  input_->verify();
  if (settings_.in_place != InPlace::direct) watch_.check();
}

std::vector<std::uint64_t> Conversion::measured_sizes() const {
  std::vector<std::uint64_t> sizes;
  for (const auto &disk : disks_)
    sizes.push_back(measured_size(disk.contents, environment_.cancellation));
  return sizes;
}

Report Conversion::report() const {
  Report report{source().name, {}, firmware_, inspection_, reported_, windows_, converter_, {}};
  if (settings_.convert) report.caps = caps_;
  const auto boot = inspection_.boot_disk.value_or(0);
  for (unsigned i = 0; i < disks_.size(); ++i) {
    auto &disk = report.disks.emplace_back();
    disk.name = disk_name(source().disks[i]);
    disk.virtual_size = disks_[i].source_size;
    if (disks_[i].overlay) disk.allocated = disks_[i].contents.data;
    disk.boot_order = i == boot ? 1 : i < boot ? i + 2 : i + 1;
  }
  return report;
}

// In place of what follows: the last moment at which nothing has happened yet.
void Conversion::change_own_disks() {
  if (commit_) {
    say_.step("Writing the changes to the guest's own disks");
    own_disks_->begin_writing(disks_);
    watch_.check();
    commit_in_place(*commit_, CommitRegistry::of_this_user(), say_);
  } else {
    for (const auto &disk : source().disks) sync_path(disk.location.path);
  }
  environment_.journal.committed();
  say_.step("Finishing off");
}

// 7a. What the new machine will be like is known before its disks are written.
void Conversion::assign() {
  say_.step("Assigning disks to buses");
  auto assignment = assign_buses(source(), caps_);
  for (const auto &warning : assignment.warnings) say_.warning(warning);
  say_.debug(describe_buses(assignment.buses));
  buses_ = std::move(assignment.buses);
  say_.step("Checking if the guest needs BIOS or UEFI to boot");
  if (firmware_ == Firmware::uefi) say_.info("This guest requires UEFI on the target to boot.");
}

// 7b. Only what the guest uses, several disks at once.
void Conversion::copy() {
  say_.step(fmt::format("Setting up the destination: {}", output_->description().destination));
  estimate(measured_sizes());
  const auto known = metadata();
  auto targets = output_->prepare(known);
  for (std::size_t i = 0; i < disks_.size(); ++i) disks_[i].target = std::move(targets[i]);
  copy_to_targets({known, disks_, settings_.parallel}, *output_, environment_);
}

// 8. Only commit makes the result visible.
void Conversion::deliver() {
  say_.step("Creating output metadata");
  output_->commit(metadata());
  environment_.journal.committed();
  say_.step("Finishing off");
}

}  // namespace

int run_conversion(const ConversionSettings &settings, PluginCatalog &plugins, Reporter &reporter) {
  const auto parent = RunDirectory::parent_directory();
  const Abort abort = [&](const std::filesystem::path &run_directory,
                          const std::filesystem::path &plugin,
                          const std::vector<std::string> &records) {
    const Cancellation never;
    Journal journal(run_directory);
    PluginEnvironment environment{reporter, never, journal, run_directory, {}};
    abort_output(plugin, records, environment);
  };
  try {
    clean_up_stale(parent, reporter, abort);
    const auto run = RunDirectory::create(parent, needed_scratch_space);
    return supervise(
        run, reporter,
        [&](Journal &journal, const Cancellation &cancellation) {
          Conversion(settings, plugins,
                     {reporter, cancellation, journal, run.path(), settings.ask_secret})
              .run();
        },
        abort);
  } catch (const Error &error) {
    reporter.error(error);
    return 1;
  }
}

}  // namespace v2v::core
