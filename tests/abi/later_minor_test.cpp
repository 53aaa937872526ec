// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The host of a later minor version, whose structs have all grown, with plugins of 1.0. This file and
// the half of the host that meets plugins are compiled against the plugin.h that later-minor.cmake
// makes; the plugins are those that everybody else uses.
#include "fake_host.hpp"

#include <core/convert/plugin_instances.hpp>

#include <gmock/gmock.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class LaterMinor : public testing::Test {
 protected:
  static constexpr const char *tests = V2V_TEST_PLUGINS, *built = V2V_BUILT_PLUGINS;
  const LoadedPlugin &load(const char *directory, const std::string &name) {
    return load_plugin(fs::path(directory) / ("v2v-" + name + ".so"), memory_);
  }

  test::TemporaryDirectory directory_;
  test::Memory memory_;
  Cancellation never_;
  Journal journal_{directory_.path()};
  PluginEnvironment environment_{memory_, never_, journal_, directory_.path(), {}};
  Metadata metadata() const {
    Metadata known;
    known.name = "guest";
    known.inspection.root = "/dev/sda1";
    known.caps.arch = "x86_64";
    known.disks = disks_;
    return known;
  }
  const std::vector<TargetDisk> disks_ = {{0, "raw", 1 << 20, 0}, {1, "raw", 2 << 20, 512}};
};

TEST_F(LaterMinor, IsAnotherThanThePluginsKnow) {
  EXPECT_EQ(V2V_ABI_MINOR, 1u);
  EXPECT_EQ(offsetof(v2v_location, appended), 48u);
  EXPECT_EQ(load(built, "output-null").descriptor->abi_minor, 0u);
  EXPECT_EQ(load(built, "output-null").output->size, offsetof(v2v_output, appended));
}

TEST_F(LaterMinor, ReadsTheSourceOfAnInput) {
  const fs::path image = directory_ / "guest.img";
  test::write_file(image, std::string(4096, 'x'));
  const auto &plugin = load(built, "input-disk");
  InputRequest request;
  request.arguments = {image.string()};
  request.format = "raw";
  request.options.add("name", "guest");
  InputInstance input(plugin, environment_, request);
  input.verify();
  ASSERT_EQ(input.source().disks.size(), 1u);
  EXPECT_EQ(input.source().disks[0].location.path, image.string());
  EXPECT_FALSE(input.source().disks[0].location.references);
}

TEST_F(LaterMinor, RunsAConverter) {
  const auto &plugin = load(tests, "convert-good");
  EXPECT_EQ(probe(plugin, environment_, {}), 50);
  ConverterInstance converter(plugin, environment_, {});
  converter.finish(nullptr);
  EXPECT_EQ(converter.caps().block_bus, BlockBus::virtio_blk);
}

TEST_F(LaterMinor, RunsAnOutputInCppToItsEnd) {
  OutputInstance output(load(built, "output-null"), environment_, {});
  EXPECT_THAT(output.description().formats, ElementsAre("raw"));
  output.precheck(metadata());
  ASSERT_EQ(output.prepare(metadata()).size(), 2u);
  output.commit(metadata());
}

TEST_F(LaterMinor, RunsAnOutputInCToItsEnd) {
  OutputRequest request;
  request.storage = directory_.path().string();
  request.options.add("label", "seven");
  OutputInstance output(load(tests, "output-manifest"), environment_, request);
  output.precheck(metadata());
  const auto targets = output.prepare(metadata());
  ASSERT_EQ(targets.size(), 2u);
  ASSERT_TRUE(targets[1].location);
  EXPECT_EQ(fs::file_size(targets[1].location->path), 2u << 20);
  auto known = metadata();
  known.source.nics = {{Nic::Type::bridge, "52:54:00:12:34:56", "br0", "", {}}};
  output.commit(known);
  EXPECT_NE(test::read_file(directory_ / "guest/manifest.json").find("52:54:00:12:34:56"),
            std::string::npos);
}

}  // namespace
}  // namespace v2v::core
