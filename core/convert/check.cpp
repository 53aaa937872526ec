// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Each look is an attempt of its own, so that one that fails hides no other. The order is that of a
// conversion; what needs something that could not be had is left out, and that is said.
#include <core/convert/check.hpp>

#include <core/convert/converters.hpp>
#include <core/convert/describe.hpp>
#include <core/convert/disk_ends.hpp>
#include <core/convert/ends.hpp>
#include <core/convert/examination.hpp>
#include <core/convert/finding_collector.hpp>
#include <core/convert/overlays.hpp>
#include <core/convert/pipeline.hpp>
#include <core/convert/unchanged.hpp>
#include <core/disk/estimate.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/source_watch.hpp>
#include <core/guest/filesystems.hpp>
#include <core/run/run_directory.hpp>

#include <fmt/format.h>
#include <v2v/text/human_size.hpp>

namespace v2v::core {
namespace {

class Check {
 public:
  explicit Check(const ConversionContext &context)
      : collector_(context.say()),
        context_{context.settings,
                 context.plugins,
                 {collector_, context.environment.cancellation, context.environment.journal,
                  context.environment.run_directory, context.environment.ask_secret}} {}

  CheckResult run() {
    look_at_host();
    look_at_source();
    look_at_target();
    look_at_guest();
    look_at_source_again();
    return {source_ ? source_->name : "", collector_.findings()};
  }

 private:
  /// Within another one if need be.
  /// @return whether it came to its end
  template <class Body>
  bool attempt(Part part, Body body) {
    const auto before = collector_.look_at(part);
    const bool done = succeeds(body);
    collector_.look_at(before);
    return done;
  }

  template <class Body>
  bool succeeds(Body body) {
    try {
      body();
      return true;
    } catch (const Error &error) {
      if (error.code() == Code::cancelled && environment_.cancellation.requested()) throw;
      const auto cause = appliance_ ? appliance_->failure() : std::nullopt;
      collector_.add(
          about_disk(cause ? *cause : error, source_ ? source_->disks : std::vector<Disk>()));
      return false;
    }
  }

  void look_at_host();
  void look_at_source();
  void look_at_disk(unsigned disk);
  void look_at_target();
  void look_at_guest();
  void look_for_converter();
  void look_at_room();
  void ask_target_again();
  void settle_firmware(Firmware of_disks);
  void look_at_source_again();
  Metadata metadata() const;
  const OutputDescription *target() const { return output_ ? &output_->description() : nullptr; }

  FindingCollector collector_;
  ConversionContext context_;
  const ConversionSettings &settings_ = context_.settings;
  PluginEnvironment &environment_ = context_.environment;

  // As in a conversion: the appliance ends before the input that serves its disks.
  std::unique_ptr<InputInstance> input_;
  std::optional<Source> source_;
  SourceWatch watch_;
  std::optional<OwnDisks> own_disks_;
  std::vector<DiskUnderway> disks_;
  bool readable_ = true;  ///< all disks
  std::unique_ptr<OutputInstance> output_;
  bool accepted_ = false;  ///< by the output, as far as it was told
  std::unique_ptr<Appliance> appliance_;
  Examination guest_;
  Firmware firmware_ = Firmware::unknown;
};

void Check::look_at_host() {
  for (const auto &[part, problem] : settings_.problems) {
    collector_.look_at(part);
    collector_.add(problem);
  }
  attempt(Part::host, [&] {
    RunDirectory::check_space(environment_.run_directory.parent_path(), needed_scratch_space);
  });
  if (!settings_.as_it_is) attempt(Part::converter, [&] { check_converter_options(context_); });
}

void Check::look_at_source() {
  collector_.look_at(Part::source);
  if (!attempt(Part::source, [&] {
        input_ = open_input(context_);
        source_ = connected_source(*input_, context_);
      }))
    return;
  watch_ = SourceWatch(*source_);
  firmware_ = source_->firmware;
  disks_.resize(source_->disks.size());
  for (unsigned i = 0; i < disks_.size(); ++i)
    readable_ &= attempt(Part::source, [&] { look_at_disk(i); });
  attempt(Part::source, [&] { refuse_half_written(*source_, CommitRegistry::of_this_user()); });
  if (settings_.in_place == InPlace::no) return;
  attempt(Part::source, [&] { own_disks_.emplace(*source_, settings_.in_place); });
  if (settings_.in_place == InPlace::overlay)
    attempt(Part::host, [&] { planned_commit(*source_, environment_.run_directory); });
}

void Check::look_at_disk(unsigned disk) {
  const auto &location = source_->disks[disk].location;
  disks_[disk].source_size = virtual_size(location, environment_.cancellation);
  read_ends(location, disk, environment_);
  collector_.add_note(fmt::format("disk {} can be read: {}, {}", disk + 1, location.format,
                                  text::human_size(disks_[disk].source_size)),
                      disk_name(source_->disks[disk]));
}

// Who cannot be reached, lets nobody in or has no such storage is found out without a source.
void Check::look_at_target() {
  collector_.look_at(Part::target);
  if (settings_.output.empty() || !attempt(Part::target, [&] { output_ = open_output(context_); }))
    return;
  if (!source_)
    return collector_.add_note(
        "its room and names were not looked at, since the source is not open",
        target()->destination);
  accepted_ = attempt(Part::target, [&] {
    want_disks(context_, *source_, *target(), disks_);
    output_->precheck(metadata());
  });
}

void Check::look_at_guest() {
  collector_.look_at(Part::guest);
  if (!source_) return;
  if (!readable_)
    return collector_.add_note("the guest was not looked at, since a disk cannot be read");
  if (settings_.as_it_is) {
    attempt(Part::guest, [&] {
      settle_firmware(firmware_of(*source_, environment_));
      collector_.warning(unchanged_warning(unchanged_caps(*source_, firmware_)));
      make_overlays(*source_, disks_, environment_);
      find_contents(disks_, environment_.cancellation);
      if (target()) set_estimates(disks_, measured_sizes(disks_, environment_.cancellation));
    });
    return ask_target_again();
  }
  const bool examined = attempt(Part::guest, [&] {
    context_.say().step("Opening the source");
    appliance_ = appliance_over(*source_, disks_, context_);
    appliance_->launch();
    guest_ = examine(appliance_->handle(), *source_, context_);
    collector_.add_note(guest_in_words(guest_.inspection), guest_.inspection.root);
  });
  if (examined) {
    settle_firmware(guest_.inspection.firmware);
    look_for_converter();
    look_at_room();
  }
  appliance_.reset();
}

void Check::settle_firmware(Firmware of_disks) {
  firmware_ = source_->firmware == Firmware::unknown ? of_disks : source_->firmware;
  collector_.add_note(firmware_ == Firmware::uefi ? "boots with UEFI" : "boots with BIOS",
                      source_->name);
  if (target()) attempt(Part::target, [&] { check_firmware(context_, firmware_, *target()); });
}

void Check::look_for_converter() {
  attempt(Part::converter, [&] {
    const auto &best = best_converter(context_, guest_.inspection, *source_);
    collector_.add_note("it would be converted by the converter " + best.info.name, source_->name);
    auto wishes = wishes_of(settings_, target());
    wishes.options = options_for(best, context_);
    foresee(best, environment_, {*source_, wishes, guest_.inspection});
    if (!settings_.operations.empty())
      check_operations(best, environment_,
                       {appliance_->handle(), guest_.inspection, settings_.operations});
  });
}

// Inside the guest, and on the target now that it is known how much of the disks is used.
void Check::look_at_room() {
  attempt(Part::guest, [&] {
    const auto usage = filesystem_usage(appliance_->handle(), guest_.inspection);
    if (target()) set_estimates(disks_, estimate_target_sizes(usage, target_sizes(disks_)));
    check_free_space(usage, guest_.inspection.type == "windows");
  });
  ask_target_again();
}

void Check::ask_target_again() {
  if (!accepted_) return;
  accepted_ = attempt(Part::target, [&] {
    output_->precheck(metadata());
    collector_.add_note("the guest would be taken", target()->destination);
  });
}

void Check::look_at_source_again() {
  if (!source_) return;
  attempt(Part::source, [&] { input_->verify(); });
  attempt(Part::source, [&] { watch_.check(); });
}

Metadata Check::metadata() const {
  return {target_name(settings_, *source_),
          "v2v " V2V_VERSION,
          firmware_,
          *source_,
          guest_.inspection,
          {},
          {},
          target_disks(disks_)};
}

}  // namespace

void check_conversion(const ConversionContext &context) {
  const auto result = Check(context).run();
  context.settings.check(result);
  if (!result.starts()) context.environment.journal.exit_status(1);
}

}  // namespace v2v::core
