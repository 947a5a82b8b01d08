// Judges by the rules of a control what was sent for it.
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "forms/control_rules.h"
#include "forms/measure.h"
#include "forms/text.h"

namespace actiond {
namespace {

std::string without_line_breaks(std::string_view text) {
  std::string line(text);
  std::erase_if(line, [](char c) { return c == '\n' || c == '\r'; });
  return line;
}

// Not `{std::move(value)}`, which copies.
std::vector<std::string> one(std::string value) {
  std::vector<std::string> values;
  values.push_back(std::move(value));
  return values;
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == text.npos;
}

std::string number_text(double number) { return fmt::format("{}", number); }

}  // namespace

ControlRules::Read ControlRules::read(const SentValuesOfField& sent) const {
  Read read = judge(sent);
  // As fields of C++ keep them: a line may hold such breaks as browsers leave in it.
  if (auto* values = std::get_if<std::vector<std::string>>(&read))
    for (std::string& value : *values) value = with_line_feeds(value);
  return read;
}

ControlRules::Read ControlRules::judge(const SentValuesOfField& sent) const {
  if (auto wrong = unreadable(sent, description_.kind, description_.rules)) return *wrong;
  switch (judged_) {
    case Judged::Line:
    case Judged::Area:
    case Judged::Url: return read_line(sanitized(last_of(sent)));
    case Judged::Email: return read_addresses(sanitized(last_of(sent)));
    case Judged::Measure:
    case Judged::Range: return read_measured(trimmed(last_of(sent)));
    case Judged::Color:
      if (last_of(sent).empty()) return std::vector<std::string>();
      if (!is_color(last_of(sent))) return Wrong{"field.color"};
      return one(to_lower(last_of(sent)));
    case Judged::File: throw std::logic_error("a file is read by read_file");
    case Judged::Box: return read_box(sent);
    case Judged::Boxes:
    case Judged::Choice:
    case Judged::Choices: break;
  }
  return read_choices(sent);
}

std::variant<std::optional<File>, Wrong> ControlRules::read_file(
    const SentValuesOfField& sent) const {
  auto read = actiond::read_file(sent, description_.rules);
  const auto* file = std::get_if<std::optional<File>>(&read);
  if (file == nullptr || !*file || accepted_.take(**file)) return read;
  return Wrong{{"field.not_accepted", {{"types", accepted_.text()}}}};
}

std::vector<std::string_view> ControlRules::addresses_in(std::string_view value) const {
  std::vector<std::string_view> addresses;
  for (std::size_t at = 0; at != value.npos;) {
    const std::size_t comma = first().has("multiple") ? value.find(',', at) : value.npos;
    addresses.push_back(trimmed(value.substr(at, comma - at)));
    at = comma == value.npos ? comma : comma + 1;
  }
  return addresses;
}

std::string ControlRules::sanitized(std::string_view text) const {
  if (judged_ == Judged::Area) return with_line_feeds(text);
  std::string line = without_line_breaks(text);
  if (judged_ == Judged::Url) return std::string(trimmed(line));
  if (judged_ != Judged::Email) return line;
  return fmt::format("{}", fmt::join(addresses_in(line), ","));
}

ControlRules::Read ControlRules::read_line(std::string value) const {
  if (is_required_ && is_blank(value)) return Wrong{"field.required"};
  if (value.empty()) return std::vector<std::string>();
  if (auto wrong = wrong_length(value)) return *wrong;
  if (judged_ == Judged::Url) {
    const auto read = read_text(value, {.max = most_characters, .format = Format::Url});
    if (const auto* wrong = std::get_if<Wrong>(&read)) return *wrong;
  }
  if (auto wrong = wrong_pattern(value)) return *wrong;
  return one(std::move(value));
}

// With `multiple` a list, each judged alone, but for the length.
ControlRules::Read ControlRules::read_addresses(std::string value) const {
  if (value.empty()) return is_required_ ? Read(Wrong{"field.required"}) : Read();
  if (auto wrong = wrong_length(value)) return *wrong;
  for (const std::string_view address : addresses_in(value)) {
    const auto read = read_text(address, {.max = most_characters, .format = Format::Email});
    if (address.empty() || std::holds_alternative<Wrong>(read)) return Wrong{"field.email"};
    if (auto wrong = wrong_pattern(address)) return *wrong;
  }
  return one(std::move(value));
}

ControlRules::Read ControlRules::read_measured(std::string_view value) const {
  if (value.empty()) return is_required_ ? Read(Wrong{"field.required"}) : Read();
  const auto number = measure_->read(value);
  if (!number) return Wrong{measure_->message};
  const bool is_below = min_ && *number < *min_;
  const bool is_above = max_ && *number > *max_;
  // Of times alone the range may pass midnight.
  const bool is_reversed = first().type == "time" && min_ && max_ && *min_ > *max_;
  if (is_reversed ? is_below && is_above : is_below || is_above) {
    const bool is_number = measure_->message == "field.number";
    const std::string min =
        is_number ? number_text(min_.value_or(0)) : std::string(first().value("min"));
    const std::string max =
        is_number ? number_text(max_.value_or(0)) : std::string(first().value("max"));
    if (!max_) return Wrong{{"field.from", {{"min", min}}}};
    if (!min_) return Wrong{{"field.up_to", {{"max", max}}}};
    return Wrong{{"field.between", {{"min", min}, {"max", max}}}};
  }
  if (step_ && !is_on_step(*number, step_base_, *step_)) return Wrong{"field.step"};
  return one(std::string(value));
}

ControlRules::Read ControlRules::read_box(const SentValuesOfField& sent) const {
  const std::string& value = options_.front();
  const std::string_view last = last_of(sent);
  const bool is_own = !sent.empty() && last == value;
  const bool is_twin = std::ranges::find(twins_, last) != twins_.end();
  if (is_own || (!is_twin && std::get<bool>(read_checkbox(last, {})))) return one(value);
  return is_required_ ? Read(Wrong{"field.required"}) : Read();
}

ControlRules::Read ControlRules::read_choices(const SentValuesOfField& sent) const {
  std::vector<std::string> chosen;
  for (const FieldValue* value : sent) chosen.push_back(value->value);
  if (!has_several() && chosen.size() > 1) chosen.erase(chosen.begin(), chosen.end() - 1);
  for (const std::string& value : chosen)
    if (!value.empty() && std::ranges::find(options_, value) == options_.end())
      return Wrong{"field.not_an_option"};
  std::erase(chosen, "");
  if (is_required_ && chosen.empty()) return Wrong{"field.required"};
  for (std::size_t at = 0; judged_ == Judged::Boxes && at < written_.size(); ++at)
    if (written_[at].has("required") && std::ranges::find(chosen, options_[at]) == chosen.end())
      return Wrong{"field.required"};
  return chosen;
}

std::string ControlRules::unwrapped(std::string_view text) const {
  return is_wrapped_ ? without_line_breaks(text) : std::string(text);
}

std::optional<Wrong> ControlRules::wrong_length(std::string_view value) const {
  const std::string counted = unwrapped(value);
  if (counted == own_value_) return std::nullopt;
  if (utf16_length(value) < min_length_)
    return Wrong{{"field.too_short", {{"min", std::to_string(min_length_)}}}};
  if (utf16_length(counted) > max_length_)
    return Wrong{{"field.too_long", {{"max", std::to_string(max_length_)}}}};
  return std::nullopt;
}

std::optional<Wrong> ControlRules::wrong_pattern(std::string_view value) const {
  if (!pattern_ || pattern_->matches(value)) return std::nullopt;
  const std::string_view title = first().value("title");
  if (title.empty()) return Wrong{"field.pattern"};
  return Wrong{{"field.pattern_said", {{"title", std::string(title)}}}};
}

}  // namespace actiond
