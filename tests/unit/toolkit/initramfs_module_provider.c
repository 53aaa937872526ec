/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * As much of a kernel module as depmod looks at: it exports a symbol. Never loaded. */
__attribute__((section("__ksymtab_strings"), used)) static const char symbol[] = "v2v_test_symbol";
__attribute__((section(".modinfo"), used)) static const char license[] = "license=MIT";
