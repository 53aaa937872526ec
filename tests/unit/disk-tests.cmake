# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-disk-images LABEL unit
  SOURCES core/disk/image_test.cpp core/disk/hostile_image_test.cpp core/disk/nbd_uri_test.cpp
  LIBRARIES v2v::toolkit-images v2v::toolkit-nbd v2v::toolkit-text v2v-core)
v2v_add_gtest(test-disk-core LABEL unit
  SOURCES core/disk/qemu_location_test.cpp core/disk/overlay_test.cpp core/disk/estimate_test.cpp
          core/disk/disk_map_test.cpp core/disk/qemu_img_test.cpp core/disk/nbd_test.cpp core/disk/source_watch_test.cpp
  LIBRARIES v2v-core)
v2v_add_gtest(test-disk-copy LABEL unit
  SOURCES core/copy/copy_test.cpp core/copy/copy_failure_test.cpp
  LIBRARIES v2v-core)
v2v_add_gtest(test-chains LABEL unit SOURCES core/copy/chains_test.cpp LIBRARIES v2v-core)
v2v_add_gtest(test-disk-vmdk LABEL unit
  SOURCES core/disk/vmdk_stream_test.cpp core/disk/vmdk_damage_test.cpp
  LIBRARIES v2v-core v2v::toolkit-images v2v::toolkit-text PkgConfig::zlib)
v2v_add_gtest(test-disk-layers LABEL unit
  SOURCES core/disk/changes_test.cpp core/copy/copy_layers_test.cpp
          core/copy/copy_layers_failure_test.cpp core/copy/copy_workers_test.cpp
          core/copy/qcow2_target_test.cpp
  LIBRARIES v2v-core v2v::toolkit-images v2v::toolkit-text PkgConfig::zlib)
v2v_add_gtest(test-disk-server LABEL unit SOURCES core/copy/disk_server_test.cpp
  LIBRARIES v2v-core PkgConfig::libnbd)
v2v_add_gtest(test-disk-nbd LABEL unit SOURCES core/copy/copy_nbd_test.cpp LIBRARIES v2v-core)
v2v_add_gtest(test-disk-input LABEL unit
  SOURCES plugins/disk/disk_input_test.cpp
          ${CMAKE_SOURCE_DIR}/plugins/input/disk/disk_input.cpp
          ${CMAKE_SOURCE_DIR}/plugins/input/disk/nic_option.cpp
  LIBRARIES v2v::toolkit-images v2v::toolkit-nbd v2v::toolkit-text v2v-core)
target_include_directories(test-disk-input PRIVATE ${CMAKE_SOURCE_DIR}/plugins/input/disk)
v2v_add_gtest(test-in-place LABEL unit SOURCES core/in_place_test.cpp core/opening_test.cpp
  LIBRARIES v2v-core)
