// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The pipeline, top to bottom. Conversion comes before copying because it is the step most likely
// to fail; what can be checked is checked before that. Everything here runs in the supervisor's
// child; whatever throws, the supervisor cleans up.
#include <core/convert/pipeline.hpp>

#include <core/convert/buses.hpp>
#include <core/convert/converters.hpp>
#include <core/convert/copying.hpp>
#include <core/convert/describe.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/convert/ends.hpp>
#include <core/convert/examination.hpp>
#include <core/convert/guest_facts.hpp>
#include <core/convert/guest_report.hpp>
#include <core/convert/in_place.hpp>
#include <core/convert/opening.hpp>
#include <core/convert/overlays.hpp>
#include <core/convert/unchanged.hpp>
#include <core/disk/estimate.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/source_watch.hpp>
#include <core/guest/appliance.hpp>
#include <core/guest/filesystems.hpp>
#include <core/run/durable.hpp>

#include <fmt/format.h>

namespace v2v::core {
namespace {

class Conversion {
 public:
  explicit Conversion(ConversionContext context) : context_(std::move(context)) {}

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
    if (is_finished(source(), settings_.in_place, say_)) return;
    measure_source();
    if (!settings_.run.empty())
      return environment_.journal.exit_status(
          run_with_disks(settings_.run, source(), environment_));
    if (settings_.convert && !settings_.as_it_is) foresee(context_, source(), wishes());
    if (!settings_.output.empty() && !settings_.print_estimate) check_target();
    settings_.as_it_is ? leave_guest() : convert();
    // What was read for the conversion was right, and still is.
    input_->verify();
    if (settings_.in_place != InPlace::direct) watch_.check();
    report();
    if (settings_.print_estimate)
      return settings_.print_estimate(measured_sizes(disks_, environment_.cancellation));
    if (settings_.in_place != InPlace::no) return change_own_disks();
    if (!output_) return say_.step("Finishing off");
    assign();
    copy();
    watch_.check();
    deliver();
  }

  void convert() {
    launch_appliance();
    inspect_guest();
    if (settings_.convert) {
      check_space();
      collect_files(g(), settings_.collection, inspection_.type == "windows", say_,
                    environment_.cancellation);
      change_guest();
    }
    close_overlays();
  }

  const Source &source() const { return *source_; }
  guestfs_h *g() const { return appliance_->handle(); }
  Wishes wishes() const {
    return wishes_of(settings_, output_ ? &output_->description() : nullptr);
  }

  void open_source();
  void measure_source();
  void check_target();
  void launch_appliance();
  void inspect_guest();
  void check_space();
  void change_guest();
  void close_overlays();
  void leave_guest();
  void report() const;
  void chronicle();
  void change_own_disks();
  void copy();
  void deliver();

  void decide_firmware(Firmware of_disks);
  void assign();
  Metadata metadata() const;

  ConversionContext context_;
  const ConversionSettings &settings_ = context_.settings;
  PluginEnvironment &environment_ = context_.environment;
  Reporter &say_ = context_.say();

  // In the order of their making; the appliance ends before the input that serves its disks.
  std::unique_ptr<InputInstance> input_;
  std::optional<Source> source_;
  SourceWatch watch_;
  std::optional<OwnDisks> own_disks_;  // of a conversion in place
  std::optional<Commit> commit_;       // by way of overlays
  std::vector<DiskUnderway> disks_;
  std::unique_ptr<OutputInstance> output_;
  std::unique_ptr<Appliance> appliance_;
  Examination guest_;
  Inspection &inspection_ = guest_.inspection;
  std::string converter_;
  GuestCaps caps_;
  Buses buses_;
  Firmware firmware_ = Firmware::unknown;
};

// 1. The input turns its argument into a Source and says where the bytes of each disk are.
void Conversion::open_source() {
  input_ = open_input(context_);
  source_ = connected_source(*input_, context_);
  chronicle();
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

// 2. Failing here costs a second, failing after the copy costs hours.
void Conversion::check_target() {
  output_ = open_output(context_);
  want_disks(context_, source(), output_->description(), disks_);
  output_->precheck(metadata());
}

// 3 and 4a. The source is only ever read: every change goes to the overlays, but for
// --in-place=direct.
void Conversion::launch_appliance() {
  say_.step("Opening the source");
  appliance_ = settings_.in_place == InPlace::direct ? appliance_on(source(), context_)
                                                     : appliance_over(source(), disks_, context_);
  // qemu has locks of its own on what it changes, and ours would be in their way.
  if (settings_.in_place == InPlace::direct) own_disks_.reset();
  appliance_->launch();
}

// 4b. Everything about the guest is asked once.
void Conversion::inspect_guest() {
  guest_ = examine(g(), source(), context_);
  chronicle();
  decide_firmware(inspection_.firmware);
  if (!settings_.convert) {
    converter_ = best_converter(context_, inspection_, source()).info.name;
    guestfs_umount_all(g());
  }
}

void Conversion::decide_firmware(Firmware of_disks) {
  firmware_ = source().firmware == Firmware::unknown ? of_disks : source().firmware;
  if (output_) check_firmware(context_, firmware_, output_->description());
}

// 4c. Room inside the guest for the conversion, and on the target for the copy.
void Conversion::check_space() {
  say_.step("Checking for sufficient free disk space in the guest");
  const auto usage = filesystem_usage(g(), inspection_);
  check_free_space(usage, inspection_.type == "windows");
  if (!output_) return;
  set_estimates(disks_, estimate_target_sizes(usage, target_sizes(disks_)));
  say_.debug(describe_space(usage, target_disks(disks_)));
  output_->precheck(metadata());
}

Metadata Conversion::metadata() const {
  return {target_name(settings_, source()),
          "v2v " V2V_VERSION,
          firmware_,
          source(),
          inspection_,
          caps_,
          buses_,
          target_disks(disks_)};
}

// 5. The converter that knows this guest best changes it.
void Conversion::change_guest() {
  const auto &plugin = best_converter(context_, inspection_, source());
  converter_ = plugin.info.name;
  say_.step(fmt::format("Converting {} to run on KVM", guest_in_words(inspection_)));
  caps_ = convert_guest(plugin, {g(), inspection_, source(), wishes()}, context_);
  if (!caps_.osinfo.empty()) inspection_.osinfo = caps_.osinfo;
}

// 6. Blank and deleted blocks are not copied.
void Conversion::close_overlays() {
  tidy_up(g(), guest_, context_);
  say_.debug(fmt::format("appliance calls: {}", appliance_->calls()));
  appliance_->close();
  appliance_.reset();
  find_contents(disks_, environment_.cancellation);
  chronicle();
}

// In place of 3 to 6: nobody changes the guest, so nobody has to know it.
void Conversion::leave_guest() {
  say_.step("Leaving the guest as it is (--convert none)");
  decide_firmware(firmware_of(source(), environment_));
  inspection_ = not_inspected(source());
  caps_ = unchanged_caps(source(), firmware_);
  say_.warning(unchanged_warning(caps_));
  make_overlays(source(), disks_, environment_);
  find_contents(disks_, environment_.cancellation);
  chronicle();
}

void Conversion::report() const {
  if (!settings_.report) return;
  auto report = report_of(source(), guest_, disks_);
  report.firmware = firmware_;
  report.converter = converter_;
  if (settings_.convert) report.caps = caps_;
  settings_.report(report);
}

// What is known by now, for --report.
void Conversion::chronicle() {
  if (!settings_.chronicle) return;
  map_disks(disks_, environment_.cancellation, say_);
  settings_.chronicle->found(
      facts_of({settings_, input_->source(), source(), output_ ? &output_->description() : nullptr,
                firmware_, inspection_, caps_, buses_, disks_}));
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
  set_estimates(disks_, measured_sizes(disks_, environment_.cancellation));
  const auto known = metadata();
  auto targets = output_->prepare(known);
  for (std::size_t i = 0; i < disks_.size(); ++i) disks_[i].target = std::move(targets[i]);
  chronicle();
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

void convert(ConversionContext context) {
  Conversion(std::move(context)).run();
}

}  // namespace v2v::core
