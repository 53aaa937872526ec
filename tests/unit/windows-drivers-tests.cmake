# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Finding and choosing the virtio drivers for Windows.
v2v_add_gtest(test-windows-drivers LABEL unit
  SOURCES toolkit/windows/driver_choice_test.cpp toolkit/windows/driver_set_test.cpp
          toolkit/windows/inf_file_test.cpp toolkit/windows/pe_file_test.cpp
          toolkit/windows/virtio_win_test.cpp toolkit/windows/virtio_iso_test.cpp
  LIBRARIES v2v::toolkit-windows)
target_compile_definitions(test-windows-drivers PRIVATE
  V2V_VIRTIO_WIN="${CMAKE_SOURCE_DIR}/tests/guests/virtio-win")
