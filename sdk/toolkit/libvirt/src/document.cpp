// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See document.hpp.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <v2v/error.hpp>
#include <v2v/libvirt/document.hpp>
#include <v2v/libvirt/domain.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::libvirt {
namespace {

constexpr unsigned deepest = 64;

[[noreturn]] void damaged(const std::string &name, const std::string &what) {
  throw Error(Code::corrupt, what, name, "give the XML that virsh dumpxml writes");
}

std::string trimmed(const char *text) {
  return text::well_formed(xml::trimmed(text));
}

}  // namespace

void load_document(pugi::xml_document &document, std::string_view written, std::string_view root,
                   const std::string &name) {
  if (written.size() > largest_xml)
    damaged(name, fmt::format("{} bytes of XML are more than any has", written.size()));
  const auto result = document.load_buffer(written.data(), written.size(),
                                           pugi::parse_default | pugi::parse_doctype);
  if (!result)
    damaged(name,
            fmt::format("this is not XML: {} (at byte {})", result.description(), result.offset));
  if (xml::declares_document_type(document))
    damaged(name, "the XML declares a document type, which libvirt never does; it is not trusted");
  if (xml::is_deeper_than(document, deepest)) damaged(name, "its XML is nested absurdly deep");
  const auto found = local_name(document.document_element());
  if (found != root)
    damaged(name, fmt::format("its root is <{}>, not <{}>", text::printable(found), root));
}

std::string local_name(pugi::xml_node node) {
  return text::well_formed(xml::local_name(node.name()));
}

pugi::xml_node child_at(pugi::xml_node node, std::initializer_list<std::string_view> path) {
  for (const auto name : path) node = child(node, name);
  return node;
}

std::string attribute(pugi::xml_node node, const char *name) {
  return trimmed(node.attribute(name).value());
}

std::string text_of(pugi::xml_node node) {
  return trimmed(node.text().get());
}

std::optional<std::uint64_t> whole_number(const std::string &text) {
  std::uint64_t value = 0;
  const auto *end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> scaled_bytes(pugi::xml_node node) {
  struct Unit {
    std::string_view name;
    std::uint64_t bytes;
  };
  constexpr std::uint64_t k = 1024, thousand = 1000;
  static constexpr std::array<Unit, 17> units = {{{"", k},
                                                  {"b", 1},
                                                  {"bytes", 1},
                                                  {"k", k},
                                                  {"kib", k},
                                                  {"kb", thousand},
                                                  {"m", k * k},
                                                  {"mib", k * k},
                                                  {"mb", thousand * thousand},
                                                  {"g", k * k * k},
                                                  {"gib", k * k * k},
                                                  {"gb", thousand * thousand * thousand},
                                                  {"t", k * k * k * k},
                                                  {"tib", k * k * k * k},
                                                  {"tb", thousand * thousand * thousand * thousand},
                                                  {"p", k * k * k * k * k},
                                                  {"pib", k * k * k * k * k}}};
  const auto number = whole_number(text_of(node));
  const auto written = text::lower(attribute(node, "unit"));
  for (const auto &unit : units)
    if (number && unit.name == written && *number <= UINT64_MAX / unit.bytes)
      return *number * unit.bytes;
  return std::nullopt;
}

}  // namespace v2v::libvirt
