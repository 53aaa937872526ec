// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The header is cut into tokens, comments among them, and these are gathered into groups: the constants,
// the text and the members of one struct. A group becomes a heading, paragraphs and a table.
#include "abi_text.hpp"

#include <v2v/error.hpp>

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>
#include <vector>

namespace v2v::manual {
namespace {

struct Token {
  enum class Type { comment, directive, code, blank };
  Type type = Type::blank;
  std::string text;
  bool behind = false;  ///< stands in the line in which the token before it ends
};

std::string one_line(const std::string &text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::vector<Token> tokens_of(const std::string &text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  const auto until = [&](const char *end, std::size_t start) {
    const auto found = text.find(end, start);
    if (found == std::string::npos)
      throw Error(Code::corrupt, "a comment or declaration does not end", text.substr(at, 40));
    return found;
  };
  while (true) {
    const auto next = text.find_first_not_of(" \n", at);
    if (next == std::string::npos) return tokens;
    const auto newlines = std::count(text.begin() + static_cast<long>(at),
                                     text.begin() + static_cast<long>(next), '\n');
    if (newlines > 1) tokens.push_back({});
    at = next;
    Token token;
    token.behind = newlines == 0;
    std::size_t end = 0;
    if (text.compare(at, 2, "/*") == 0) {
      token.type = Token::Type::comment;
      end = until("*/", at) + 2;
      token.text = text.substr(at + 2, end - at - 4);
    } else if (text[at] == '#') {
      token.type = Token::Type::directive;
      end = std::min(until("\n", at), text.find("/*", at));
      token.text = one_line(text.substr(at, end - at));
    } else if (text.compare(at, 2, "}\n") == 0) {
      token.type = Token::Type::code;  // of extern "C"
      end = at + 1;
    } else {
      token.type = Token::Type::code;
      end = until(";", at);
      end = std::min(end, text.find('{', at));
      token.text = one_line(text.substr(at, ++end - at));
    }
    tokens.push_back(token);
    at = end;
  }
}

/// Names in a comment are literal: `size`, V2V_OK, host->set_error.
std::string prose(const std::string &comment) {
  static const std::regex special(R"([\\*<|])"), constant(R"(\bV2V_[A-Z0-9_]+\b)");
  const std::string line = one_line(comment);
  std::string text;
  bool code = false;
  for (std::size_t start = 0; start <= line.size(); code = !code) {
    const auto end = std::min(line.find('`', start), line.size());
    const auto part = line.substr(start, end - start);
    if (code)
      text += "`" + std::regex_replace(part, std::regex("\\|"), "\\|") + "`";
    else
      text += std::regex_replace(std::regex_replace(part, special, "\\$&"), constant, "`$&`");
    start = end + 1;
  }
  return text;
}

/// The lines of a comment without its frame.
std::vector<std::string> lines_of(const std::string &comment) {
  std::vector<std::string> result;
  std::istringstream lines(comment);
  for (std::string line; std::getline(lines, line);)
    result.push_back(std::regex_replace(line, std::regex("^ *\\* ?"), ""));
  return result;
}

/// Paragraphs; what is set in is a list of terms, a second one in them, or a drawing.
std::string paragraphs(const std::string &comment) {
  static const std::regex term("^  +([A-Za-z]+\\.?) +(.*)"), tag("^ {8,}(\\[[a-z ]+\\]) +(.*)");
  std::string text, words;
  bool in_list = false, drawing = false;
  const auto end = [&] {
    if (!one_line(words).empty()) text += prose(words) + (in_list ? "\n" : "\n\n");
    words.clear();
  };
  for (const std::string &line : lines_of(comment)) {
    std::smatch match;
    const auto set_in = line.find_first_not_of(' ');
    if (line.find("SPDX-") < 2) continue;
    if (set_in == std::string::npos) {
      end();
      if (in_list || drawing) text += "\n";
      in_list = drawing = false;
    } else if (set_in >= 2 && (drawing || line.find("→") != std::string::npos)) {
      end();
      text += "    " + line.substr(2) + "\n";
      drawing = true;
    } else if (std::regex_match(line, match, tag)) {
      end();
      text += "  - `" + match.str(1) + "` ";
      words = match[2];
    } else if (set_in == 2 && std::regex_match(line, match, term)) {
      end();
      in_list = true;
      text += "- **" + match.str(1) + "** ";
      words = match[2];
    } else {
      words += line + "\n";
    }
  }
  end();
  return text + (in_list ? "\n" : "");
}

/// What stands together, on its way into the page.
class Groups {
 public:
  void text(const std::string &words) { text_ += words; }
  /// @returns its comment, for what stands behind it
  std::string &row(const std::string &code, const std::string &comment) {
    rows_.emplace_back(code, comment);
    return rows_.back().second;
  }
  bool has_rows() const { return !rows_.empty(); }
  std::string &last_comment() { return rows_.back().second; }

  void end(const std::string &heading) {
    if (!heading.empty()) page_ += "### " + heading + "\n\n";
    page_ += text_;
    if (!rows_.empty()) page_ += "| | |\n|---|---|\n";
    for (const auto &[code, comment] : rows_)
      page_ += "| `" + std::regex_replace(code, std::regex("\\|"), "\\|") + "` | " +
               prose(comment) + " |\n";
    page_ += "\n";
    text_.clear();
    rows_.clear();
  }
  /// Constants and functions are called by what their names have in common.
  void end() {
    static const std::regex last_name("(v2v_[a-z0-9_]+)(\\)|\\(|$)"),
        family("^(V2V_[A-Z]+_)[A-Z0-9_]+");
    std::string heading, function;
    std::smatch match;
    for (const auto &[code, comment] : rows_) {
      const auto name = code.substr(0, code.find_first_of(" ("));
      const auto word = std::regex_search(name, match, family) ? match.str(1) + "…" : name;
      if (std::regex_search(code, match, last_name) && code.find("V2V_EXPORT") != 0)
        function = match[1];
      else if (heading.find(word) == std::string::npos)
        heading += (heading.empty() ? "" : ", ") + word;
    }
    end(function.empty() ? heading : function);
  }
  void section(const std::string &name) {
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    page_ += "## " + upper + "\n\n";
  }
  const std::string &page() const { return page_; }

 private:
  std::string page_, text_;
  std::vector<std::pair<std::string, std::string>> rows_;
};

class Reader {
 public:
  std::string read(const std::string &header) {
    for (const Token &token : tokens_of(header)) take(token);
    return groups_.page();
  }

 private:
  void take(const Token &token) {
    if (token.type == Token::Type::directive) return directive(token.text);
    if (skipped_) return;
    if (token.type == Token::Type::comment)
      comment(token);
    else if (token.type == Token::Type::code)
      code(token.text);
    else
      end_group();
  }

  void end_group() {
    if (in_struct_) return;
    flush_comment();
    if (groups_.has_rows()) groups_.end();
  }

  void flush_comment() { groups_.text(paragraphs(std::exchange(comment_, {}))); }

  void comment(const Token &token) {
    static const std::regex section(" ---- (.*[^-]) -+ ");
    std::smatch match;
    if (std::regex_match(token.text, match, section)) {
      end_group();
      groups_.section(match[1]);
    } else if (!begun_) {
      begun_ = true;
      groups_.section("Description");
      groups_.text(paragraphs(token.text));
      groups_.end("");
    } else if (token.behind && groups_.has_rows()) {
      groups_.last_comment() = joined(token.text);
    } else {
      comment_ = token.text;
    }
  }

  static std::string joined(const std::string &comment) {
    std::string text;
    for (const auto &line : lines_of(comment)) text += line + " ";
    return text;
  }

  /// A comment before the first constant is the group's; one before a later one is its own.
  void add_row(const std::string &code) {
    if (!groups_.has_rows() && !in_struct_) flush_comment();
    groups_.row(code, joined(std::exchange(comment_, {})));
  }

  void directive(const std::string &line) {
    static const std::regex define("#define (V2V_[A-Z0-9_]+)(\\([^)]*\\))?( .*)?");
    std::smatch match;
    if (line == "#ifdef __cplusplus" || line.starts_with("#if defined(")) skipped_ = true;
    if (line == "#endif") skipped_ = false;
    if (skipped_ || !std::regex_match(line, match, define) || !match[3].matched) return;
    add_row(match[2].matched ? match.str(1) + match.str(2) : match.str(1) + match.str(3));
  }

  void code(const std::string &text) {
    static const std::regex begin("(typedef )?struct (v2v_[a-z0-9_]+) \\{"),
        forward("(typedef )?struct [a-z0-9_]+( [a-z0-9_]+)?;");
    std::smatch match;
    if (std::regex_match(text, match, begin)) {
      flush_comment();
      struct_ = match[2];
      in_struct_ = true;
    } else if (text.starts_with("}")) {
      in_struct_ = false;
      groups_.end(struct_);
    } else if (!std::regex_match(text, forward)) {
      add_row(text.substr(0, text.size() - 1));
    }
  }

  Groups groups_;
  std::string comment_, struct_;
  bool begun_ = false, skipped_ = false, in_struct_ = false;
};

}  // namespace

std::string abi_text(const std::string &header) {
  return Reader().read(header);
}

}  // namespace v2v::manual
