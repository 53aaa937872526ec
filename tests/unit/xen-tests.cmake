# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-xen LABEL unit SOURCES plugins/xen/xen_test.cpp LIBRARIES v2v-input-xen-parts)
