// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "roff.hpp"

#include "roff_text.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <md4c.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/replace.hpp>

#include <exception>
#include <locale>
#include <regex>
#include <vector>

namespace v2v::manual {
namespace {

[[noreturn]] void unfit(const std::string &what) {
  throw Error(Code::unsupported, what + " has no form in a manual page", {},
              "use headings, paragraphs, lists, tables, code and links");
}

/// Gets what md4c finds, in the order of the text.
class Writer {
 public:
  Writer(Title title, const std::string &date, const std::string &package) {
    boost::algorithm::to_upper(title.name, std::locale::classic());
    output_ = fmt::format(
        ".\\\" Made by v2v-manual out of Markdown and what the program says.\n"
        ".TH {} {} {} \"{}\" \"{}\"\n",
        escaped(title.name, true), title.section, date, package, "v2v");
  }

  void enter(MD_BLOCKTYPE block, void *detail) {
    switch (block) {
      case MD_BLOCK_UL:
        begin_list(0);
        break;
      case MD_BLOCK_OL:
        begin_list(static_cast<MD_BLOCK_OL_DETAIL *>(detail)->start);
        break;
      case MD_BLOCK_LI:
        end_text();
        begin_item();
        break;
      case MD_BLOCK_CODE:
        end_text();
        in_code_ = true;
        break;
      case MD_BLOCK_TABLE:
        rows_.clear();
        in_table_ = true;
        break;
      case MD_BLOCK_TR:
        rows_.emplace_back();
        break;
      case MD_BLOCK_QUOTE:
      case MD_BLOCK_HR:
      case MD_BLOCK_HTML:
        unfit("a quotation, a rule or HTML");
      default:
        break;
    }
  }

  void leave(MD_BLOCKTYPE block, void *detail) {
    switch (block) {
      case MD_BLOCK_H:
        end_heading(static_cast<MD_BLOCK_H_DETAIL *>(detail)->level);
        break;
      case MD_BLOCK_P:
      case MD_BLOCK_LI:
        end_text();
        break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        end_list();
        break;
      case MD_BLOCK_CODE:
        end_code();
        break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        rows_.back().push_back(take_text());
        break;
      case MD_BLOCK_TABLE:
        write_table();
        break;
      default:
        break;
    }
  }

  void enter(MD_SPANTYPE span, void *detail) {
    if (span == MD_SPAN_EM)
      set_font("I");
    else if (span == MD_SPAN_STRONG || span == MD_SPAN_CODE)
      set_font("B");
    else if (span == MD_SPAN_A)
      link_ = address(*static_cast<MD_SPAN_A_DETAIL *>(detail));
    else
      unfit("a picture or struck text");
  }

  void leave(MD_SPANTYPE span) {
    if (span != MD_SPAN_A) return reset_font();
    if (!link_.empty()) text_ += " <" + escaped(link_, true) + ">";
    link_.clear();
  }

  void text(MD_TEXTTYPE type, std::string_view words) {
    switch (type) {
      case MD_TEXT_CODE:
        if (in_code_)
          code_ += words;
        else if (in_table_)  // where a stroke has to be written as "\|"
          text_ +=
              escaped(boost::algorithm::replace_all_copy(std::string(words), "\\|", "|"), true);
        else
          text_ += escaped(words, true);
        break;
      case MD_TEXT_SOFTBR:
      case MD_TEXT_BR:
        text_ += '\n';
        break;
      case MD_TEXT_NORMAL:
        text_ += escaped(words, !fonts_.empty());
        break;
      default:
        unfit("an entity or HTML");
    }
  }

  const std::string &output() const { return output_; }

 private:
  struct List {
    unsigned number = 0;  ///< of the next item; 0: bullets
    bool shifted = false, item_begun = false;
  };

  void set_font(const char *font) {
    fonts_.emplace_back(font);
    text_ += std::string("\\f") + font;
  }
  void reset_font() {
    fonts_.pop_back();
    text_ += "\\f" + (fonts_.empty() ? std::string("R") : fonts_.back());
  }

  /// Another page of the documents needs no address: its name is in the text.
  static std::string address(const MD_SPAN_A_DETAIL &link) {
    const std::string target(link.href.text, link.href.size);
    return target.find("://") == std::string::npos ? std::string() : target;
  }

  std::string take_text() { return std::exchange(text_, {}); }

  void end_heading(unsigned level) {
    // The fonts of a heading are the macro's.
    const auto words = std::regex_replace(take_text(), std::regex("\\\\f[BIR]"), "");
    if (level == 1) return;  // the title
    output_ += (level == 2 ? ".SH " : ".SS ") + words + "\n";
    is_name_ = words == "NAME";
    fresh_ = true;
    tagged_ = false;
  }

  /// A paragraph, or the text of an item.
  void end_text() {
    const auto words = take_text();
    if (words.find_first_not_of(" \n") == std::string::npos) return;
    static const std::regex option("\\\\fB\\\\-[^\n]*(\n: )?");
    std::smatch match;
    if (lists_.empty() &&
        std::regex_search(words, match, option, std::regex_constants::match_continuous))
      return begin_option(words, match.str(1).empty() ? std::string::npos : match.length());
    begin_paragraph();
    output_ += filled(is_name_ ? std::regex_replace(words, std::regex(" - "), " \\- ") : words);
  }

  void begin_option(const std::string &words, std::size_t help) {
    const auto tag = words.substr(0, words.find('\n'));
    output_ += ".TP\n" + one_line(tag);
    tagged_ = true;
    // A tag without a text of its own is followed by a paragraph that is this text.
    fresh_ = help == std::string::npos && tag.size() == words.size();
    if (!fresh_) output_ += filled(words.substr(help == std::string::npos ? tag.size() : help));
  }

  /// What stands before a text that is no heading's.
  void begin_paragraph() {
    if (!lists_.empty() && !std::exchange(lists_.back().item_begun, true)) return;
    if (!std::exchange(fresh_, false))
      output_ += !lists_.empty() ? ".IP\n" : tagged_ ? ".IP\n" : ".PP\n";
  }

  void begin_list(unsigned start) {
    end_text();
    List list;
    list.number = start;
    list.shifted = tagged_ || !lists_.empty();
    if (list.shifted) output_ += lists_.empty() ? ".RS 7\n" : ".RS 4\n";
    lists_.push_back(list);
  }

  void begin_item() {
    auto &list = lists_.back();
    output_ += list.number == 0 ? ".IP \\(bu 4\n" : fmt::format(".IP {}. 4\n", list.number++);
    list.item_begun = false;
    fresh_ = false;
  }

  void end_list() {
    if (lists_.back().shifted) output_ += ".RE\n";
    lists_.pop_back();
    fresh_ = false;
  }

  void end_code() {
    in_code_ = false;
    const unsigned indent = (tagged_ ? 11 : 4) + (lists_.empty() ? 0 : 4);
    if (!std::exchange(fresh_, false)) output_ += ".PP\n";
    output_ += fmt::format(".RS {}\n.nf\n", indent);
    std::string lines = std::exchange(code_, {});
    while (!lines.empty() && lines.back() == '\n') lines.pop_back();
    std::size_t start = 0;
    while (start <= lines.size()) {
      const auto end = std::min(lines.find('\n', start), lines.size());
      const auto line = one_line(escaped(lines.substr(start, end - start), true));
      output_ += line == "\n" ? ".sp\n" : line;
      start = end + 1;
    }
    output_ += ".fi\n.RE\n";
  }

  /// A row is "term: text (heading: cell)". A heading that says something is a row in italics.
  void write_table() {
    if (tagged_) output_ += ".RS 7\n";
    const auto &head = rows_.front();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto &row = rows_[i];
      if (i == 0 && row[0].empty()) continue;
      std::string words = row.size() > 1 ? row[1] : std::string();
      for (std::size_t j = 2; j < row.size(); ++j)
        if (!row[j].empty() && i > 0) words += fmt::format(" ({}: {})", head[j], row[j]);
      if (i == 0)
        output_ += ".TP\n" + one_line("\\fI" + row[0] + "\\fR") + filled("\\fI" + words + "\\fR");
      else
        output_ += ".TP\n" + one_line(row[0]) + (words.empty() ? ".sp 0\n" : filled(words));
    }
    if (tagged_) output_ += ".RE\n";
    fresh_ = in_table_ = false;
  }

  std::string output_, text_, code_, link_;
  std::vector<std::string> fonts_;
  std::vector<List> lists_;
  std::vector<std::vector<std::string>> rows_;
  bool in_code_ = false, in_table_ = false;
  bool fresh_ = false;   ///< right after a heading or a tag, where a paragraph needs no macro
  bool tagged_ = false;  ///< what comes belongs to an option
  bool is_name_ = false;
};

/// md4c is C: an error ends its work and is kept.
struct Parse {
  explicit Parse(Writer target) : writer(std::move(target)) {}
  Writer writer;
  std::exception_ptr error;

  template <typename Step>
  static int run(void *self, Step step) noexcept {
    auto &parse = *static_cast<Parse *>(self);
    if (parse.error) return 1;  // md4c leaves a span that it could not enter
    try {
      step(parse.writer);
      return 0;
    } catch (...) {
      parse.error = std::current_exception();
      return 1;
    }
  }
};

MD_PARSER parser() {
  MD_PARSER calls{};
  calls.flags = MD_FLAG_TABLES;
  calls.enter_block = [](MD_BLOCKTYPE type, void *detail, void *self) {
    return Parse::run(self, [&](Writer &writer) { writer.enter(type, detail); });
  };
  calls.leave_block = [](MD_BLOCKTYPE type, void *detail, void *self) {
    return Parse::run(self, [&](Writer &writer) { writer.leave(type, detail); });
  };
  calls.enter_span = [](MD_SPANTYPE type, void *detail, void *self) {
    return Parse::run(self, [&](Writer &writer) { writer.enter(type, detail); });
  };
  calls.leave_span = [](MD_SPANTYPE type, void *, void *self) {
    return Parse::run(self, [&](Writer &writer) { writer.leave(type); });
  };
  calls.text = [](MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *self) {
    return Parse::run(self, [&](Writer &writer) { writer.text(type, {text, size}); });
  };
  return calls;
}

}  // namespace

Title title_of(const std::string &markdown) {
  static const std::regex title("# ([a-z0-9-]+)\\(([1-9])\\)\n");
  std::smatch match;
  if (!std::regex_search(markdown, match, title, std::regex_constants::match_continuous))
    throw Error(Code::corrupt, "a page begins with its name and section", {},
                "write \"# v2v-output-example(1)\" into its first line");
  return {match[1], match[2]};
}

std::string roff(const std::string &markdown, const std::string &date, const std::string &package) {
  Parse parse(Writer(title_of(markdown), date, package));
  const auto calls = parser();
  const int failed =
      md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &calls, &parse);
  if (parse.error) std::rethrow_exception(parse.error);
  if (failed != 0) throw Error(Code::internal, "there is no memory for the page");
  return parse.writer.output();
}

}  // namespace v2v::manual
