# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
v2v_add_gtest(test-http LABEL unit
  SOURCES openstack/http_client_test.cpp openstack/http_server.cpp
  LIBRARIES v2v::toolkit-http)

v2v_add_gtest(test-openstack LABEL unit
  SOURCES openstack/fake_cloud.cpp openstack/http_server.cpp openstack/image_properties_test.cpp
    openstack/image_record_test.cpp openstack/image_upload_test.cpp openstack/session_test.cpp
    openstack/settings_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v-output-glance-images v2v::toolkit-text nlohmann_json::nlohmann_json PkgConfig::crypto)

v2v_add_gtest(test-nbd-stream LABEL unit
  SOURCES toolkit/nbd_stream_test.cpp
  LIBRARIES v2v::toolkit-nbd v2v::toolkit-process)

v2v_add_gtest(test-glance-plugin LABEL unit
  SOURCES openstack/fake_cloud.cpp openstack/glance_plugin_test.cpp openstack/http_server.cpp
    plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-machine v2v::toolkit-nbd v2v::toolkit-openstack v2v::toolkit-text
    nlohmann_json::nlohmann_json PkgConfig::crypto ${CMAKE_DL_LIBS})
add_dependencies(test-glance-plugin v2v-output-glance)
target_compile_definitions(test-glance-plugin PRIVATE V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")

v2v_add_gtest(test-openstack-plugin LABEL unit
  SOURCES openstack/fake_cloud.cpp openstack/fake_volumes.cpp openstack/http_server.cpp
    openstack/openstack_plugin_test.cpp plugins/output_fixture.cpp
  LIBRARIES v2v::toolkit-machine v2v::toolkit-openstack v2v::toolkit-text
    nlohmann_json::nlohmann_json PkgConfig::crypto ${CMAKE_DL_LIBS})
add_dependencies(test-openstack-plugin v2v-output-openstack)
target_compile_definitions(test-openstack-plugin PRIVATE V2V_TEST_PLUGINS="${CMAKE_BINARY_DIR}/plugins")
