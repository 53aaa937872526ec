/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * As much of a kernel module as depmod looks at: it needs the other one's symbol and has an alias.
 * Never loaded. */
__attribute__((section(".modinfo"), used)) static const char alias[] = "alias=virtio:d00000002v*";
void v2v_test_symbol(void);
void v2v_test_user(void);
void v2v_test_user(void) {
  v2v_test_symbol();
}
