# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-core PRIVATE
  copy/chains.cpp
  copy/copy.cpp
  copy/copy_layers.cpp
  copy/copy_qemu_img.cpp
  copy/copy_target.cpp
  copy/copy_workers.cpp
  copy/disk_server.cpp
  copy/layer_sink.cpp
  copy/nbd_server.cpp
  copy/nbd_session.cpp
  copy/qcow2_target.cpp
  copy/raw_target.cpp
  copy/target_space.cpp)
