#include "forms/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/encoding.h"

namespace actiond {
namespace {

// White space and line terminators, ECMA-262 section 22.2.2.9: RE2's own \s is ASCII's.
constexpr std::string_view spaces =
    R"(\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";
constexpr std::string_view in_no_class = "^$\\.*+?()[]{}|/";
constexpr std::string_view alone_in_no_class = "()[]{}/|-";
constexpr std::string_view escaped_in_class = "^$\\.*+?()[]{}|/&-!#%,:;<=>@`~";
constexpr std::string_view doubled_in_no_class = "&!#$%*+,.:;<=>?@^`~";

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// Of four hexadecimal digits.
std::optional<std::uint32_t> utf16_unit(std::string_view digits) {
  std::uint32_t unit = 0;
  if (digits.size() != 4 || !is_hexadecimal(digits)) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  return unit;
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
  // How a part of an expression can go on: characters make ranges in a class, and what is no
  // assertion can be repeated.
  enum class Part { Character, Characters, Assertion };

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
  // Of UTF-8.
  std::string_view take_character() {
    std::size_t size = 1;
    while (size < rest_.size() && (static_cast<unsigned char>(rest_[size]) & 0xC0U) == 0x80U)
      ++size;
    return take(size);
  }

  void translate_one() {
    const char next = rest_.front();
    if (next == '*' || next == '+' || next == '?' || next == '{') return translate_repetition();
    can_repeat_ = next != '(' && next != '|' && next != '^' && next != '$';
    if (next == '\\') {
      can_repeat_ = translate_escape(in_no_class, false) != Part::Assertion;
      return;
    }
    if (next == '[') return translate_class();
    if (next == '(') return translate_group();
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
      if (rest_.size() > 1 && is_digit(rest_[1]))
        refuse_in_browser("has a group whose name begins with a digit");
      // Browsers disagree about two in different alternatives.
      if (!names_.insert(rest_.substr(0, rest_.find('>'))).second)
        refuse("has two groups of one name");
      made_ += "?P";
    } else {
      refuse("looks ahead or back, or changes flags, which cannot be judged in linear time");
    }
  }

  void translate_repetition() {
    if (!can_repeat_)
      refuse_in_browser(fmt::format("has a {} that repeats nothing", rest_.front()));
    can_repeat_ = false;
    if (rest_.front() == '{')
      translate_count();
    else
      made_ += take(1);
    if (take_if("?")) made_ += '?';
  }

  // {2}, {2,} or {2,5}.  RE2 takes {02}, and a number that it cannot hold, for text.
  void translate_count() {
    const std::size_t end = rest_.find('}');
    const std::string_view count = rest_.substr(0, end == rest_.npos ? end : end + 1);
    const bool is_count = count.size() > 2 && count.ends_with('}') &&
                          count.find_first_not_of("0123456789,", 1) == count.size() - 1 &&
                          count[1] != ',' && std::ranges::count(count, ',') <= 1;
    if (!is_count) refuse_in_browser("has a { that counts nothing");
    const std::string_view text = take(count.size());
    std::size_t digits = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '0' && digits == 0 && is_digit(text[at + 1])) continue;
      digits = is_digit(text[at]) ? digits + 1 : 0;
      if (digits > 4) refuse("repeats more than 1,000 times, which RE2 does not");
      made_ += text[at];
    }
  }

  // Behind a \u: two units of UTF-16, as in "\ud83d\ude00", are one character.
  bool translate_pair() {
    const auto high = utf16_unit(rest_.substr(0, 4));
    const bool is_pair = rest_.substr(std::min<std::size_t>(4, rest_.size())).starts_with("\\u");
    const auto low = is_pair ? utf16_unit(rest_.substr(6, 4)) : std::nullopt;
    if (!low || !high || *high >> 10U != 0x36 || *low >> 10U != 0x37) return false;
    take(10);
    made_ += fmt::format("\\x{{{:x}}}", 0x10000 + ((*high & 0x3ffU) << 10U) + (*low & 0x3ffU));
    return true;
  }

  // Behind a \u or \x: how RE2 writes the character.
  void translate_code(char kind) {
    if (kind == 'u' && translate_pair()) return;
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
  void translate_property(char kind, bool in_class) {
    const std::size_t end = rest_.find('}');
    if (!take_if("{") || end == rest_.npos) refuse_in_browser("has a \\p without its {name}");
    const std::string_view name = take(end - 1);
    take(1);
    const std::size_t equal = name.find('=');
    const std::string_view key = name.substr(0, equal == name.npos ? 0 : equal);
    const bool is_script = key == "Script" || key == "sc";
    const std::string_view value = is_script ? name.substr(equal + 1) : name;
    // RE2 has scripts and categories under one name.
    const bool has_name_of_script = (value.size() > 2 && value != "Any") || value == "Yi";
    const bool is_known =
        std::ranges::all_of(value, [](char c) { return is_letter(c) || c == '_'; });
    if (!is_known || is_script != has_name_of_script)
      refuse(fmt::format("asks for \\{}{{{}}}; \\p{{L}} and \\p{{Script=Greek}} are known", kind,
                         name));
    if (value == "C") return translate_others(kind, in_class);
    made_ += fmt::format("\\{}{{{}}}", kind, value);
  }

  // RE2's \p{C} lacks the characters that Unicode has not assigned.
  void translate_others(char kind, bool in_class) {
    constexpr std::string_view assigned = R"(\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z})";
    if (in_class && kind == 'p')
      refuse("has a \\p{C} in a class, which RE2 does not know as JavaScript does");
    if (in_class)
      made_ += assigned;
    else
      made_ += fmt::format("[{}{}]", kind == 'p' ? "^" : "", assigned);
  }

  Part translate_escape(std::string_view punctuation, bool in_class) {
    take(1);
    if (rest_.empty()) refuse_in_browser("ends with a \\");
    const char kind = take(1).front();
    switch (kind) {
      case 'u':
      case 'x': translate_code(kind); return Part::Character;
      case 'p':
      case 'P': translate_property(kind, in_class); return Part::Characters;
      case 's':
        made_ += in_class ? std::string(spaces) : fmt::format("[{}]", spaces);
        return Part::Characters;
      case 'S':
        if (in_class) refuse("has a \\S in a class, which RE2 does not know as JavaScript does");
        made_ += fmt::format("[^{}]", spaces);
        return Part::Characters;
      case '0':
        if (!rest_.empty() && is_digit(rest_.front())) refuse_in_browser("has an octal code");
        made_ += "\\x00";
        return Part::Character;
      case 'b':
      case 'B':
        if (in_class && kind == 'B') refuse_in_browser("has a \\B in a class");
        made_ += in_class ? std::string("\\x08") : fmt::format("\\{}", kind);
        return in_class ? Part::Character : Part::Assertion;
      case 'c':
        // A control character by the letter that is typed with it.
        if (rest_.empty() || !is_letter(rest_.front()))
          refuse_in_browser("has a \\c without its letter");
        made_ += fmt::format("\\x{:02x}", take(1).front() % 32);
        return Part::Character;
      default: break;
    }
    if (in_class && kind == 'q') refuse("has texts in a class, which RE2 does not know");
    if ((kind >= '1' && kind <= '9') || kind == 'k')
      refuse("refers back to a group, which cannot be judged in linear time");
    const bool is_class = std::string_view("dDwW").find(kind) != std::string_view::npos;
    const bool is_known = is_class ||
                          std::string_view("tnrfv").find(kind) != std::string_view::npos ||
                          punctuation.find(kind) != std::string_view::npos;
    if (!is_known) refuse_in_browser(fmt::format("has a \\{}", kind));
    made_ += fmt::format("\\{}", kind);
    return is_class ? Part::Characters : Part::Character;
  }

  void translate_class() {
    made_ += take(1);
    if (take_if("^")) made_ += '^';
    if (rest_.starts_with("]")) refuse("has an empty class");
    while (!take_if("]")) translate_members();
    made_ += ']';
  }

  // A range, or what is no part of one.
  void translate_members() {
    const Part first = translate_member();
    if (rest_.starts_with("--") || rest_.starts_with("&&"))
      refuse("subtracts or intersects classes, which RE2 does not know");
    if (first != Part::Character || rest_.starts_with("-]") || !take_if("-")) return;
    made_ += '-';
    if (translate_member() != Part::Character)
      refuse_in_browser("has a range in a class that ends with no character");
  }

  Part translate_member() {
    if (rest_.empty()) refuse_in_browser("has a [ without its ]");
    const char next = rest_.front();
    if (next == '\\') return translate_escape(escaped_in_class, true);
    if (next == '[') refuse("has a class in a class, which RE2 does not know");
    if (alone_in_no_class.find(next) != std::string_view::npos)
      refuse_in_browser(fmt::format("has a {} in a class without a \\ before it", next));
    if (rest_.size() > 1 && rest_[1] == next &&
        doubled_in_no_class.find(next) != std::string_view::npos)
      refuse_in_browser(fmt::format("has {0}{0} in a class", next));
    made_ += take_character();
    return Part::Character;
  }

  std::string_view rest_;
  std::string made_;
  std::set<std::string_view> names_;
  bool can_repeat_ = false;  // what was translated last
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
