#include "forms/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <string>

#include "base/encoding.h"

namespace actiond {
namespace {

// White space and line terminators, ECMA-262 section 22.2.2.9: RE2's own \s is ASCII's.
constexpr std::string_view spaces =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view in_no_class = "^$\\.*+?()[]{}|/";
constexpr std::string_view alone_in_no_class = "()[]{}/|";
constexpr std::string_view escaped_in_class = "^$\\.*+?()[]{}|/&-!#%,:;<=>@`~";
constexpr std::string_view doubled_in_no_class = "&!#$%*+,.:;<=>?@^`~";

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// Writes an expression of JavaScript with the flag `v` as one of RE2.
class Translation {
 public:
  explicit Translation(std::string_view written) : rest_(written) {}

  std::string translate() {
    while (!rest_.empty()) translate_one();
    return std::move(made_);
  }

 private:
  [[noreturn]] static void refuse(std::string_view what) { throw WrongPattern(std::string(what)); }
  [[noreturn]] static void refuse_in_browser(std::string_view what) {
    refuse(fmt::format("{}, so browsers ignore it", what));
  }

  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  bool take_if(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  void translate_one() {
    const char next = rest_.front();
    if (next == '\\') return translate_escape(in_no_class, false);
    if (next == '[') return translate_class();
    if (next == '(') return translate_group();
    if (next == '{') return translate_count();
    if (next == '}' || next == ']') refuse_in_browser(fmt::format("has a {} alone", next));
    if (next == '.')
      made_ += R"([^\n\r\x{2028}\x{2029}])";
    else
      made_ += next;
    rest_.remove_prefix(1);
  }

  void translate_group() {
    take(1);
    made_ += '(';
    if (!take_if("?")) return;
    if (take_if(":")) {
      made_ += "?:";
    } else if (rest_.starts_with("<") && !rest_.starts_with("<=") && !rest_.starts_with("<!")) {
      made_ += "?P";
    } else {
      refuse("looks ahead or back, or changes flags, which cannot be judged in linear time");
    }
  }

  // {2}, {2,} or {2,5}
  void translate_count() {
    const std::size_t end = rest_.find('}');
    const std::string_view count = rest_.substr(0, end == rest_.npos ? end : end + 1);
    const bool is_count = count.size() > 2 && count.ends_with('}') &&
                          count.find_first_not_of("0123456789,", 1) == count.size() - 1 &&
                          count[1] != ',' && std::ranges::count(count, ',') <= 1;
    if (!is_count) refuse_in_browser("has a { that counts nothing");
    made_ += take(count.size());
  }

  // Behind a \u or \x: how RE2 writes the character.
  void translate_code(char kind) {
    std::string_view digits;
    if (kind == 'u' && take_if("{")) {
      digits = take(std::min(rest_.find('}'), rest_.size()));
      take(1);
    } else {
      digits = take(kind == 'u' ? 4 : 2);
      if (digits.size() != (kind == 'u' ? 4 : 2)) digits = {};
    }
    if (!is_hexadecimal(digits))
      refuse_in_browser(fmt::format("has a \\{} without its code", kind));
    made_ += fmt::format("\\x{{{}}}", digits);
  }

  // Behind a \p or \P: categories by their short names, and scripts.
  void translate_property(char kind) {
    const std::size_t end = rest_.find('}');
    if (!take_if("{") || end == rest_.npos) refuse_in_browser("has a \\p without its {name}");
    std::string_view name = take(end - 1);
    take(1);
    const std::size_t equal = name.find('=');
    const std::string_view key = name.substr(0, equal == name.npos ? 0 : equal);
    const bool is_script = key == "Script" || key == "sc";
    if (!is_script && (!key.empty() || name.size() > 2))
      refuse(fmt::format("asks for \\{}{{{}}}; \\p{{L}} and \\p{{Script=Greek}} are known", kind,
                         name));
    if (is_script) name.remove_prefix(equal + 1);
    made_ += fmt::format("\\{}{{{}}}", kind, name);
  }

  void translate_escape(std::string_view punctuation, bool in_class) {
    take(1);
    if (rest_.empty()) refuse_in_browser("ends with a \\");
    const char kind = take(1).front();
    const bool is_next_digit = !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    switch (kind) {
      case 'u':
      case 'x': return translate_code(kind);
      case 'p':
      case 'P': return translate_property(kind);
      case 's': made_ += in_class ? std::string(spaces) : fmt::format("[{}]", spaces); return;
      case 'S':
        if (in_class) refuse("has a \\S in a class, which RE2 does not know as JavaScript does");
        made_ += fmt::format("[^{}]", spaces);
        return;
      case '0':
        if (is_next_digit) refuse_in_browser("has an octal code");
        made_ += "\\x00";
        return;
      case 'b':
      case 'B':
        if (in_class && kind == 'B') refuse_in_browser("has a \\B in a class");
        made_ += in_class ? std::string("\\x08") : fmt::format("\\{}", kind);
        return;
      case 'c':
        // A control character by the letter that is typed with it.
        if (rest_.empty() || !is_letter(rest_.front()))
          refuse_in_browser("has a \\c without its letter");
        made_ += fmt::format("\\x{:02x}", take(1).front() % 32);
        return;
      default: break;
    }
    if ((kind >= '1' && kind <= '9') || kind == 'k')
      refuse("refers back to a group, which cannot be judged in linear time");
    const bool is_known = std::string_view("dDwWtnrfv").find(kind) != std::string_view::npos ||
                          punctuation.find(kind) != std::string_view::npos;
    if (!is_known) refuse_in_browser(fmt::format("has a \\{}", kind));
    made_ += fmt::format("\\{}", kind);
  }

  void translate_class() {
    made_ += take(1);
    if (take_if("^")) made_ += '^';
    if (rest_.starts_with("]")) refuse("has an empty class");
    for (bool is_first = true; !rest_.starts_with("]"); is_first = false) {
      if (rest_.empty()) refuse_in_browser("has a [ without its ]");
      translate_member(is_first);
    }
    made_ += take(1);
  }

  void translate_member(bool is_first) {
    const char next = rest_.front();
    if (next == '\\') return translate_escape(escaped_in_class, true);
    if (next == '[') refuse("has a class in a class, which RE2 does not know");
    if (!is_first && (rest_.starts_with("--") || rest_.starts_with("&&")))
      refuse("subtracts or intersects classes, which RE2 does not know");
    // A '-' stands between the ends of a range.
    const bool is_range = !is_first && rest_.size() > 1 && rest_[1] != ']' && rest_[1] != '-';
    if (next == '-' ? !is_range : alone_in_no_class.find(next) != std::string_view::npos)
      refuse_in_browser(fmt::format("has a {} in a class without a \\ before it", next));
    if (rest_.size() > 1 && rest_[1] == next &&
        doubled_in_no_class.find(next) != std::string_view::npos)
      refuse_in_browser(fmt::format("has {0}{0} in a class", next));
    made_ += next;
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::string made_;
};

}  // namespace

Pattern::Pattern(std::string_view written) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  const auto expression = std::make_shared<RE2>(Translation(written).translate(), options);
  if (!expression->ok())
    throw WrongPattern(fmt::format("is none for RE2: {}", expression->error()));
  expression_ = expression;
}

bool Pattern::matches(std::string_view value) const {
  return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *expression_);
}

}  // namespace actiond
