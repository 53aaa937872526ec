# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Every library the project uses, found once and named once. packages.txt lists the Debian packages.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(pugixml REQUIRED)
pkg_check_modules(guestfs REQUIRED IMPORTED_TARGET libguestfs>=1.48)
pkg_check_modules(hivex REQUIRED IMPORTED_TARGET hivex)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(lzma REQUIRED IMPORTED_TARGET liblzma)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(deflate REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl>=7.85)
pkg_check_modules(libnbd REQUIRED IMPORTED_TARGET libnbd)
pkg_check_modules(libvirt REQUIRED IMPORTED_TARGET libvirt)
find_package(BZip2 REQUIRED)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
# Without it there are no manual pages.
pkg_check_modules(md4c IMPORTED_TARGET md4c)
if(V2V_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
