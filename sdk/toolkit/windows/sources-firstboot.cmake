# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The first boot of a converted Windows: the class that a converter fills, and the program that runs
# in the guest, for both architectures.
target_sources(v2v-toolkit-windows PRIVATE src/first_boot.cpp src/first_boot_program.cpp)

file(GLOB firstboot_sources CONFIGURE_DEPENDS firstboot/*.c)
set(firstboot_programs "")
foreach(architecture i386 x86_64)
  string(REPLACE i386 i686 machine ${architecture})
  find_program(V2V_MINGW_${architecture} ${machine}-w64-mingw32-gcc REQUIRED)
  set(program ${CMAKE_BINARY_DIR}/firstboot/v2v-firstboot-${architecture}.exe)
  # 0x0501 hides everything that Windows XP does not have.
  add_custom_command(OUTPUT ${program}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/firstboot
    COMMAND ${V2V_MINGW_${architecture}} -std=gnu11 -municode -static -s -Os -Wl,--no-insert-timestamp
      -Wall -Wextra -Wshadow -Werror -DUNICODE -D_UNICODE -DWINVER=0x0501 -D_WIN32_WINNT=0x0501
      -o ${program} ${firstboot_sources} -lsetupapi -liphlpapi
    DEPENDS ${firstboot_sources} ${CMAKE_CURRENT_SOURCE_DIR}/firstboot/firstboot.h
    COMMENT "Building v2v-firstboot-${architecture}.exe" VERBATIM)
  list(APPEND firstboot_programs ${program})
endforeach()
add_custom_target(firstboot ALL DEPENDS ${firstboot_programs})
list(GET firstboot_programs 0 i386)
list(GET firstboot_programs 1 x86_64)
set_source_files_properties(src/first_boot_program.cpp PROPERTIES
  OBJECT_DEPENDS "${firstboot_programs}"
  COMPILE_DEFINITIONS "V2V_FIRST_BOOT_I386=\"${i386}\";V2V_FIRST_BOOT_X86_64=\"${x86_64}\"")
