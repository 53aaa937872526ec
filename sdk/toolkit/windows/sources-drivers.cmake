# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# Finding and choosing the virtio drivers for Windows.
target_sources(v2v-toolkit-windows PRIVATE
  src/driver_choice.cpp src/driver_message.cpp src/driver_set.cpp src/inf_file.cpp src/machine_choice.cpp
  src/pe_file.cpp src/virtio_directory.cpp src/virtio_iso.cpp src/virtio_win.cpp)
