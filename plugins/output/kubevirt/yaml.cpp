// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See yaml.hpp.
#include "yaml.hpp"

#include <fmt/format.h>

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::output_kubevirt {
namespace {

int append(void *to, unsigned char *bytes, std::size_t count) {
  try {
    static_cast<std::string *>(to)->append(reinterpret_cast<const char *>(bytes), count);
    return 1;
  } catch (const std::bad_alloc &) {
    return 0;
  }
}

yaml_char_t *bytes_of(const char *text) {
  // libyaml copies it, and does not say so in the type.
  return reinterpret_cast<yaml_char_t *>(const_cast<char *>(text));
}

}  // namespace

Yaml::Yaml(const std::string &comment)
    // A generator's name cannot end the comment early.
    : text_("# " + text::printable(comment) + "\n---\n") {
  if (!yaml_emitter_initialize(&emitter_)) throw std::bad_alloc();
  yaml_emitter_set_output(&emitter_, append, &text_);
  yaml_emitter_set_unicode(&emitter_, 1);
  yaml_emitter_set_width(&emitter_, -1);
  yaml_event_t event;
  emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
  emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
}

Yaml::~Yaml() {
  yaml_emitter_delete(&emitter_);
}

void Yaml::emit(yaml_event_t &event, int made) {
  if (made && yaml_emitter_emit(&emitter_, &event)) return;
  throw Error(Code::internal,
              fmt::format("cannot write YAML: {}",
                          emitter_.problem ? emitter_.problem : "an event could not be made"),
              {}, "report this");
}

void Yaml::map(const Body &body) {
  yaml_event_t event;
  emit(event,
       yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1, YAML_BLOCK_MAPPING_STYLE));
  body();
  emit(event, yaml_mapping_end_event_initialize(&event));
}

void Yaml::map(const char *key, const Body &body) {
  plain(key);
  map(body);
}

void Yaml::list(const char *key, const Body &body) {
  plain(key);
  yaml_event_t event;
  emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1,
                                                   YAML_BLOCK_SEQUENCE_STYLE));
  body();
  emit(event, yaml_sequence_end_event_initialize(&event));
}

void Yaml::empty(const char *key) {
  map(key, [] {});
}

void Yaml::plain(const std::string &value) {
  yaml_event_t event;
  emit(event,
       yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes_of(value.c_str()),
                                    static_cast<int>(value.size()), 1, 1, YAML_PLAIN_SCALAR_STYLE));
}

void Yaml::word(const char *key, const std::string &value) {
  plain(key);
  plain(value);
}

void Yaml::text(const char *key, const std::string &value) {
  if (!text::is_utf8(value))
    throw Error(Code::unsupported, fmt::format("the manifest cannot hold the text of \"{}\"", key),
                text::printable(value), "rename it in the source, or map it with an option");
  plain(key);
  yaml_event_t event;
  emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes_of(value.c_str()),
                                           static_cast<int>(value.size()), 0, 1,
                                           YAML_DOUBLE_QUOTED_SCALAR_STYLE));
}

void Yaml::number(const char *key, std::uint64_t value) {
  word(key, std::to_string(value));
}

void Yaml::flag(const char *key, bool value) {
  word(key, value ? "true" : "false");
}

std::string Yaml::finish() {
  yaml_event_t event;
  emit(event, yaml_document_end_event_initialize(&event, 1));
  emit(event, yaml_stream_end_event_initialize(&event));
  yaml_emitter_flush(&emitter_);
  return text_;
}

}  // namespace v2v::output_kubevirt
