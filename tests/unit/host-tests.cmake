# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The command line: parsing, messages, progress, the forms for programs.
set(host_tests ask check_text collection console conversion_settings customisation help html_report machine
  network_map option_values parser
  plugin_text print_source programs progress report text)
list(TRANSFORM host_tests PREPEND host/)
list(TRANSFORM host_tests APPEND _test.cpp)
v2v_add_gtest(test-host LABEL unit SOURCES ${host_tests} LIBRARIES v2v-hostlib)
target_compile_definitions(test-host PRIVATE
  V2V_MANUAL="${CMAKE_SOURCE_DIR}/docs/v2v.md")

# The program itself, without a conversion.
v2v_add_shell_test(test-command-line LABEL unit SCRIPT host/command_line_test.sh TIMEOUT 60)
v2v_add_shell_test(test-completion LABEL unit SCRIPT host/completion_test.sh TIMEOUT 120)
# What needs no appliance of a check and of a guest that is moved as it is.
v2v_add_shell_test(test-check LABEL unit SCRIPT host/check_test.sh TIMEOUT 300)
# virt-v2v's tests and where the same is asserted here.
v2v_add_shell_test(test-upstream-table LABEL unit SCRIPT upstream_table_test.sh TIMEOUT 60)
# Debian's virt-v2v beside v2v under its name.
v2v_add_shell_test(test-virt-v2v-formats LABEL unit SCRIPT host/virt_v2v_formats_test.sh TIMEOUT 300)
