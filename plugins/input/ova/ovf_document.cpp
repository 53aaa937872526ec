// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ovf_document.hpp"

#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/charset.hpp>

#include <fmt/format.h>

namespace v2v::input_ova {
namespace {

constexpr unsigned deepest = 64;

[[noreturn]] void damaged(const std::string &name, const std::string &what) {
  throw Error(Code::corrupt, what, name, "export the guest again");
}

/// The encoding that an XML declaration names, or nothing where the parser finds it out itself: it
/// knows the UTFs and ISO-8859-1, and takes everything else for UTF-8.
std::string foreign_encoding(std::string_view text) {
  if (text.substr(0, 5) != "<?xml") return {};
  auto rest = text.substr(0, text.substr(0, 256).find("?>"));
  const auto at = rest.find("encoding");
  if (at == rest.npos) return {};
  const auto quote = rest.find_first_of("\"'", at);
  if (quote == rest.npos) return {};
  const auto end = rest.find(rest[quote], quote + 1);
  if (end == rest.npos) return {};
  const auto name = text::lower(rest.substr(quote + 1, end - quote - 1));
  for (const auto *known : {"utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii"})
    if (name == known) return {};
  return text::known_charset(name) ? name : std::string();
}

}  // namespace

void load_ovf(pugi::xml_document &document, std::string_view text, const std::string &name) {
  if (text.size() > largest_ovf)
    damaged(name, fmt::format("the OVF has {} bytes, more than any has", text.size()));
  std::string converted;
  auto encoding = pugi::encoding_auto;
  if (const auto foreign = foreign_encoding(text); !foreign.empty()) {
    converted = text::to_utf8(text, foreign);
    text = converted;
    encoding = pugi::encoding_utf8;
  }
  const auto result = document.load_buffer(text.data(), text.size(),
                                           pugi::parse_default | pugi::parse_doctype, encoding);
  if (!result)
    damaged(name, fmt::format("the OVF is not XML: {} (at byte {})", result.description(),
                              result.offset));
  if (xml::declares_document_type(document))
    damaged(name, "the OVF declares a document type, which no OVF does and which is not trusted");
  if (xml::is_deeper_than(document, deepest))
    damaged(name, "the OVF's elements are nested absurdly deep");
  if (local_name(document.document_element().name()) != "Envelope")
    damaged(name, "this XML is not an OVF: its root is no Envelope");
}

std::string attribute(pugi::xml_node node, std::string_view name) {
  for (const auto &each : node.attributes())
    if (local_name(each.name()) == name) return std::string(xml::trimmed(each.value()));
  return {};
}

std::string text_of(pugi::xml_node node) {
  return std::string(xml::trimmed(node.text().get()));
}

std::string child_text(pugi::xml_node node, std::string_view name) {
  return text_of(child(node, name));
}

std::vector<pugi::xml_node> sections(pugi::xml_node node, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const auto &each : node.children()) {
    const auto own = local_name(each.name());
    bool fits = own == name;
    if (own == "Section" || own == "Content") {
      const auto type = attribute(each, "type");
      fits = local_name(type.c_str()) == fmt::format("{}_Type", name);
    }
    if (fits) found.push_back(each);
  }
  return found;
}

bool same_letters(std::string_view first, std::string_view second) {
  return text::lower(first) == text::lower(second);
}

}  // namespace v2v::input_ova
