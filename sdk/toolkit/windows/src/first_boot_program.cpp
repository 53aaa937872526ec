// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The programs are part of the library, so that no converter can be without them: the assembler puts the
// files in (CMake gives their paths and knows the dependency).
#include <v2v/windows/first_boot.hpp>

#define V2V_EMBED(name, file)                                                       \
  __asm__(                                                                          \
      ".pushsection .rodata\n"                                                      \
      ".global v2v_" #name "_begin\n.hidden v2v_" #name                             \
      "_begin\n"                                                                    \
      ".global v2v_" #name "_end\n.hidden v2v_" #name                               \
      "_end\n"                                                                      \
      "v2v_" #name "_begin:\n.incbin \"" file "\"\nv2v_" #name                      \
      "_end:\n"                                                                     \
      ".popsection\n");                                                             \
  extern "C" __attribute__((visibility("hidden"))) const char v2v_##name##_begin[], \
      v2v_##name##_end[]

V2V_EMBED(first_boot_i386, V2V_FIRST_BOOT_I386);
V2V_EMBED(first_boot_x86_64, V2V_FIRST_BOOT_X86_64);

namespace v2v::windows {

std::string_view FirstBoot::program(const std::string &architecture) {
  const auto between = [](const char *begin, const char *end) {
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  if (architecture == "i386") return between(v2v_first_boot_i386_begin, v2v_first_boot_i386_end);
  if (architecture == "x86_64")
    return between(v2v_first_boot_x86_64_begin, v2v_first_boot_x86_64_end);
  throw Error(Code::unsupported, "there is no first-boot program for this processor", architecture,
              "convert a Windows for i386 or x86_64");
}

}  // namespace v2v::windows
