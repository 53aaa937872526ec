# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Manual pages: how they are made, and those that v2v has.
if(TARGET v2v-manual)
  v2v_add_gtest(test-manual LABEL unit SOURCES host/manual_test.cpp LIBRARIES v2v-manual-parts)
endif()
v2v_add_shell_test(test-manual-pages LABEL unit SCRIPT host/manual_test.sh TIMEOUT 300)
