// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Every way in which a plugin can be wrong is refused with its reason. The plugins are made by
// CMakeLists.txt; each test loads a copy from a directory of its own, because a plugin is loaded
// once per process.
#include "fake_host.hpp"

#include <v2v/exchange_target.hpp>

#include <core/plugin/descriptor.hpp>
#include <core/plugin/load.hpp>

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Load : public testing::Test {
 protected:
  fs::path copy(const std::string &name) {
    const std::string file = "v2v-output-" + name + ".so";
    fs::copy_file(fs::path(V2V_TEST_PLUGINS) / file, directory_ / file,
                  fs::copy_options::overwrite_existing);
    ::chmod((directory_ / file).c_str(), 0644);
    return directory_ / file;
  }
  /// The whole message with which this file is refused.
  std::string refusal(const fs::path &file) {
    try {
      load_plugin(file, memory_);
    } catch (const Error &error) {
      EXPECT_FALSE(error.remedy().empty()) << error.what();
      EXPECT_EQ(error.object(), file.string()) << error.what();
      return error.what();
    }
    ADD_FAILURE() << file << " was not refused";
    return "";
  }
  std::string refusal_of(const std::string &name) { return refusal(copy(name)); }
  fs::path patched(std::size_t offset, const std::string &bytes) {
    const fs::path file = copy("good");
    test::write_file(file, test::read_file(file).replace(offset, bytes.size(), bytes));
    return file;
  }

  test::TemporaryDirectory directory_;
  test::Memory memory_;
};

TEST_F(Load, GoodPluginTellsAboutItself) {
  const fs::path file = copy("good");
  const LoadedPlugin &plugin = load_plugin(file, memory_);
  EXPECT_EQ(plugin.kind, Kind::output);
  EXPECT_EQ(plugin.info.name, "good");
  EXPECT_EQ(plugin.info.version, "1.2.3");
  EXPECT_EQ(plugin.info.vendor, "the v2v authors");
  EXPECT_EQ(plugin.info.handles, "nothing");
  EXPECT_EQ(plugin.abi, abi_version(1, 0, V2V_ABI_DRAFT));
  EXPECT_EQ(plugin.path, file);
  ASSERT_EQ(plugin.info.options.size(), 2u);
  EXPECT_EQ(plugin.info.options[0].name, "block");
  EXPECT_EQ(plugin.info.options[0].type, OptionType::size);
  EXPECT_EQ(plugin.info.options[0].default_value, "4K");
  EXPECT_EQ(plugin.info.options[1].value_name, "WORD");
  EXPECT_FALSE(plugin.info.options[1].default_value);
  ASSERT_NE(plugin.output, nullptr);
  EXPECT_EQ(plugin.input, nullptr);
  EXPECT_EQ(plugin.converter, nullptr);
  EXPECT_THAT(memory_.infos, testing::ElementsAre("loaded good"));
}

TEST_F(Load, EntryIsCalledOnce) {
  const fs::path file = copy("good");
  const LoadedPlugin &first = load_plugin(file, memory_);
  EXPECT_EQ(&first, &load_plugin(file, memory_));
  EXPECT_EQ(memory_.infos.size(), 1u);
}

TEST_F(Load, RefusesOtherVersionsNamingBoth) {
  EXPECT_THAT(refusal_of("too-new"), AllOf(HasSubstr("ABI 1.7"), HasSubstr("too new"),
                                           HasSubstr("ABI 1.0"), HasSubstr("update v2v")));
  EXPECT_THAT(refusal_of("later-minor"), AllOf(HasSubstr("ABI 1.1"), HasSubstr("ABI 1.0")));
  EXPECT_THAT(refusal_of("next-major"), AllOf(HasSubstr("ABI 2.0"), HasSubstr("ABI 1.0")));
  EXPECT_THAT(refusal_of("next-entry"), AllOf(HasSubstr("ABI 2"), HasSubstr("ABI 1.0")));
  EXPECT_THAT(refusal_of("too-old"), AllOf(HasSubstr("ABI 0.0"), HasSubstr("too old"),
                                           HasSubstr("ABI 1.0"), HasSubstr("newer release")));
}

TEST_F(Load, RefusesAnotherDraft) {
  EXPECT_THAT(
      refusal_of("other-draft"),
      AllOf(HasSubstr("ABI 1.0-draft1,"), HasSubstr("has ABI " + abi_version(1, 0, V2V_ABI_DRAFT)),
            HasSubstr("build the plugin again")));
}

// Its calls have another shape: the numbers are all that may be read of it.
TEST_F(Load, RefusesTheShapeOfAnEarlierDraft) {
  EXPECT_THAT(refusal_of("draft2"),
              AllOf(HasSubstr("ABI 1.0-draft2,"),
                    HasSubstr("has ABI " + abi_version(1, 0, V2V_ABI_DRAFT))));
}

TEST(AbiVersion, NamesTheDraftWhileThereIsOne) {
  EXPECT_EQ(abi_version(1, 0, 2), "1.0-draft2");
  EXPECT_EQ(abi_version(1, 7, 0), "1.7");
}

TEST_F(Load, RefusesWhatIsTooSmall) {
  EXPECT_THAT(refusal_of("tiny-descriptor"), HasSubstr("descriptor is too small (8 bytes)"));
  EXPECT_THAT(refusal_of("small-descriptor"), HasSubstr("descriptor is too small (24 bytes)"));
  EXPECT_THAT(refusal_of("small-table"), HasSubstr("table of functions is too small (16 bytes)"));
}

TEST_F(Load, RefusesWithoutEntry) {
  EXPECT_THAT(refusal_of("no-entry"), HasSubstr("is no v2v plugin: it has no v2v_plugin_entry_v1"));
}

TEST_F(Load, RefusesWhenEntryAnswersNull) {
  EXPECT_THAT(refusal_of("null"), HasSubstr("refuses to load and gives no reason"));
  EXPECT_THAT(refusal_of("null-with-reason"),
              AllOf(HasSubstr("refuses to load: licence.txt: the licence has run out"),
                    HasSubstr("renew it")));
}

TEST_F(Load, RefusesContradictions) {
  EXPECT_THAT(refusal_of("wrong-name"),
              HasSubstr("it is 'wrong-name', but it calls itself 'other'"));
  EXPECT_THAT(refusal_of("wrong-kind"), HasSubstr("is of kind output, but it says input"));
}

TEST_F(Load, RefusesWhatIsMissing) {
  EXPECT_THAT(refusal_of("no-vendor"), HasSubstr("descriptor has no vendor"));
  EXPECT_THAT(refusal_of("no-table"), HasSubstr("no table of functions for its kind"));
  EXPECT_THAT(refusal_of("no-open"), HasSubstr("table of functions has no open"));
}

TEST_F(Load, RefusesBadOptions) {
  EXPECT_THAT(refusal_of("option-type"), HasSubstr("option 'block' has the unknown type 99"));
  EXPECT_THAT(refusal_of("option-default"), HasSubstr("option 'block' cannot be 'many'"));
  EXPECT_THAT(refusal_of("option-twice"), HasSubstr("declares option 'block' twice"));
  EXPECT_THAT(refusal_of("option-name"), HasSubstr("option 'Block_Size' has a name"));
}

TEST_F(Load, NamesTheUndefinedSymbol) {
  EXPECT_THAT(refusal_of("undefined"),
              AllOf(HasSubstr(".so: cannot be loaded: undefined symbol: nobody_has_this; "),
                    HasSubstr("linked without a library")));
}

TEST_F(Load, RefusesWhatIsNotElf) {
  const fs::path file = directory_ / "v2v-output-text.so";
  test::write_file(file, "#!/bin/sh\n");
  EXPECT_THAT(refusal(file), HasSubstr("is not an ELF file"));
  test::write_file(file, std::string(1000, 'x'));
  EXPECT_THAT(refusal(file), HasSubstr("is not an ELF file"));
  test::write_file(file, "");
  EXPECT_THAT(refusal(file), HasSubstr("is empty"));
}

TEST_F(Load, RefusesAnotherMachine) {
  EXPECT_THAT(refusal(patched(EI_CLASS, {ELFCLASS32})),
              AllOf(HasSubstr("32-bit"), HasSubstr("64-bit")));
  EXPECT_THAT(refusal(patched(EI_DATA, {ELFDATA2MSB})), HasSubstr("byte order"));
  EXPECT_THAT(refusal(patched(offsetof(Elf64_Ehdr, e_machine), {'\xf7', '\0'})),
              HasSubstr("is built for number 247"));
  EXPECT_THAT(refusal(patched(offsetof(Elf64_Ehdr, e_type), {ET_REL, '\0'})),
              HasSubstr("not a shared object"));
}

TEST_F(Load, RefusesAFileCutShortAnywhere) {
  const fs::path file = copy("good");
  const std::string whole = test::read_file(file);
  for (const std::size_t length :
       {std::size_t{5}, std::size_t{40}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    test::write_file(file, whole.substr(0, length));
    EXPECT_THAT(refusal(file), HasSubstr("is truncated: it has " + std::to_string(length)));
  }
}

TEST_F(Load, RefusesAFileThatOthersCanWrite) {
  const fs::path file = copy("good");
  ::chmod(file.c_str(), 0664);
  EXPECT_THAT(refusal(file), AllOf(HasSubstr("the file " + file.string() +
                                             " is writable by its "
                                             "group (mode 0664)"),
                                   HasSubstr("chmod go-w " + file.string())));
  ::chmod(file.c_str(), 0644);
  ::chmod(directory_.path().c_str(), 0777);
  EXPECT_THAT(refusal(file), AllOf(HasSubstr("the directory " + directory_.path().string() +
                                             " is writable by everybody (mode 0777)"),
                                   HasSubstr("chmod go-w " + directory_.path().string())));
}

TEST_F(Load, RefusesWhatHasNoPluginsName) {
  for (const char *name : {"v2v-target-x.so", "v2v-output-X.so", "v2v-output-.so", "libx.so"}) {
    const fs::path file = directory_ / name;
    test::write_file(file, "x");
    EXPECT_THAT(refusal(file), HasSubstr("not the name of a plugin")) << name;
  }
}

TEST_F(Load, RefusesWhatIsNotThere) {
  EXPECT_THAT(refusal(directory_ / "v2v-output-absent.so"), HasSubstr("No such file"));
}

// The plugin's own side: nothing but a status may come out of it.
TEST_F(Load, ExceptionsBecomeStatuses) {
  const v2v_output &output = *load_plugin(copy("throwing"), memory_).output;
  test::FakeHost host;
  void *instance = nullptr;
  v2v_output_request request{};
  request.size = sizeof request;
  request.allocation = V2V_ALLOCATION_SPARSE;

  request.name = "refuse";
  EXPECT_EQ(output.open(host.get(), &request, &instance), V2V_E_NO_SPACE);
  ASSERT_TRUE(host.error);
  EXPECT_STREQ(host.error->what(), "shelf 3: the shelf is full; empty it");
  EXPECT_EQ(instance, nullptr);

  request.name = "accept";
  ASSERT_EQ(output.open(host.get(), &request, &instance), V2V_OK);
  const v2v_output_description *description = nullptr;
  const v2v_describe_request describe = {sizeof describe, 0};
  EXPECT_EQ(output.describe(instance, &describe, &description), V2V_E_INTERNAL);
  EXPECT_EQ(host.error->failure(), "an ordinary exception");
  const v2v_target *const *targets = nullptr;
  Lender lender;
  const v2v_prepare_request prepare = {sizeof prepare, 0, to_c(lender, Metadata{})};
  EXPECT_EQ(output.prepare(instance, &prepare, &targets), V2V_E_INTERNAL);
  const v2v_abort_request abort = {sizeof abort, 0, nullptr};
  EXPECT_EQ(output.abort(host.get(), &abort), V2V_E_IO);
  EXPECT_EQ(host.error->failure(), "the cable is cut");
  output.close(instance);
}

}  // namespace
}  // namespace v2v::core
