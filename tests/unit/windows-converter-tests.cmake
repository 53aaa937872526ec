# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# What of the converter of Windows guests works without a guest.
v2v_add_gtest(test-windows-converter LABEL unit
  SOURCES plugins/windows/network_plan_test.cpp plugins/windows/delivery_test.cpp
          plugins/windows/customisation_test.cpp
  LIBRARIES v2v-convert-windows-parts)
