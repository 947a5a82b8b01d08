#include "forms/control_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/encoding.h"
#include "forms/measure.h"
#include "forms/text.h"

namespace actiond {
namespace {

// As maxlength and minlength are read: the rules for parsing non-negative integers, HTML 2.3.4.2.
std::optional<std::int64_t> read_length(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  text = text.substr(0, text.find_first_not_of("0123456789"));
  std::int64_t length = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || read.ec != std::errc()) return std::nullopt;
  return length;
}

// UTF-16 units, which a browser counts, of UTF-8.
std::int64_t length_of(std::string_view text) {
  const auto pairs =
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
  return static_cast<std::int64_t>(count_characters(text).value_or(0)) + pairs;
}

std::string without_line_breaks(std::string_view text) {
  std::string line(text);
  std::erase_if(line, [](char c) { return c == '\n' || c == '\r'; });
  return line;
}

std::vector<std::string> one(std::string value) { return {std::move(value)}; }

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == text.npos;
}

std::string number_text(double number) { return fmt::format("{}", number); }

bool takes_pattern(std::string_view type) {
  static const std::set<std::string_view> types{"text", "search", "tel", "url", "email"};
  return types.contains(type);
}

}  // namespace

ControlRules::ControlRules(std::string name, std::vector<WrittenControl> written,
                           std::int64_t most_file_bytes)
    : name_(std::move(name)), written_(std::move(written)), most_file_bytes_(most_file_bytes) {
  for (const WrittenControl& control : written_) {
    if (control.type == "password")
      throw WrongControl("A password would lie in the inbox for everybody who reads it.",
                         "Remove it: only an action in C++ takes passwords.", control.line);
    if (control.type == "file" && control.has("multiple"))
      throw WrongControl(fmt::format("The field \"{}\" takes several files.", name_),
                         "Remove its multiple: give each file a field.", control.line);
    const bool may_share = control.type == "radio" || control.type == "checkbox" ||
                           control.type == "submit" || control.type == "button";
    if (written_.size() > 1 && (!may_share || control.type != first().type))
      throw WrongControl(fmt::format("The field \"{}\" is there twice.", name_),
                         "Give each field a name of its own: radio buttons, checkboxes and submit "
                         "buttons alone may share one.",
                         written_.back().line);
  }
  choose_rules();
  description_ = describe();
}

bool ControlRules::has_several() const {
  return judged_ == Judged::Boxes || judged_ == Judged::Choices;
}

ControlRules::Judged ControlRules::judged_as() const {
  const std::string& type = first().type;
  if (type == "checkbox") return written_.size() == 1 ? Judged::Box : Judged::Boxes;
  if (type == "radio" || type == "submit" || type == "select") return Judged::Choice;
  if (type == "select-multiple") return Judged::Choices;
  if (type == "textarea") return Judged::Area;
  if (type == "email") return Judged::Email;
  if (type == "url") return Judged::Url;
  if (type == "color") return Judged::Color;
  if (type == "file") return Judged::File;
  if (measure_ == nullptr) return Judged::Line;
  return type == "range" ? Judged::Range : Judged::Measure;
}

void ControlRules::choose_rules() {
  const std::string& type = first().type;
  for (const WrittenControl& control : written_) is_required_ |= control.has("required");
  measure_ = find_measure(type);
  judged_ = judged_as();
  // Barred from constraint validation, sections 4.10.5.1.1 and 4.10.5.3.3.
  const bool is_barred = type == "hidden" || type == "submit" ||
                         (first().has("readonly") && judged_ <= Judged::Measure);
  if (is_barred || judged_ == Judged::Range || judged_ == Judged::Color) is_required_ = false;
  if (is_barred && type != "submit" && judged_ != Judged::Area) judged_ = Judged::Line;
  for (const WrittenControl& control : written_) {
    if (control.type.starts_with("select"))
      options_ = control.options;
    else if (control.type == "radio" || control.type == "submit" || control.type == "checkbox")
      options_.emplace_back(
          control.has("value") || control.type == "submit" ? control.value("value") : "on");
  }
  if (judged_ == Judged::Area) max_length_ = default_area_length;
  if (judged_ == Judged::File) accepted_ = AcceptedFiles(first().value("accept"));
  if (!is_barred && judged_ <= Judged::Url) read_lengths();
  if (!is_barred && takes_pattern(type)) read_pattern();
  if (judged_ == Judged::Measure || judged_ == Judged::Range) read_measure();
}

void ControlRules::read_lengths() {
  min_length_ = read_length(first().value("minlength")).value_or(0);
  max_length_ = std::min<std::int64_t>(
      read_length(first().value("maxlength")).value_or(max_length_), most_characters);
  if (min_length_ > max_length_)
    throw WrongControl(
        fmt::format("The field \"{}\" can have no value: at least {} and at most {} characters.",
                    name_, min_length_, max_length_),
        fmt::format("A maxlength that is not written is {}.",
                    judged_ == Judged::Area ? default_area_length : default_line_length),
        first().line);
}

void ControlRules::read_pattern() {
  if (!first().has("pattern")) return;
  try {
    pattern_.emplace(first().value("pattern"));
  } catch (const WrongPattern& wrong) {
    throw WrongControl(
        fmt::format("The pattern of \"{}\" {}.", name_, wrong.what()),
        "Write it with what browsers and RE2 have in common, or check such a field in C++.",
        first().line);
  }
}

void ControlRules::read_measure() {
  const WrittenControl& control = first();
  const bool is_range = judged_ == Judged::Range;
  min_ = measure_->read(control.value("min"));
  max_ = measure_->read(control.value("max"));
  if (is_range && !min_) min_ = 0;
  if (is_range) max_ = std::max(max_.value_or(100), *min_);
  const auto base = min_ && control.has("min") ? min_ : measure_->read(control.value("value"));
  step_base_ = base.value_or(is_range ? *min_ : measure_->default_base);
  if (to_lower(control.value("step")) == "any") return;
  const auto step = find_measure("number")->read(control.value("step"));
  step_ = (step && *step > 0 ? *step : measure_->default_step) * measure_->step_scale;
}

FieldDescription ControlRules::describe() const {
  FieldDescription field{name_, Kind::Text, {}};
  Rules& rules = field.rules;
  rules.required = is_required_;
  if (judged_ == Judged::Email) rules.format = Format::Email;
  if (judged_ == Judged::Url) rules.format = Format::Url;
  if (judged_ <= Judged::Url) {
    rules.min = min_length_;
    rules.max = max_length_;
  }
  if (judged_ == Judged::File) {
    field.kind = Kind::File;
    rules.max = most_file_bytes_;
    rules.types = accepted_.types();
  }
  if (judged_ == Judged::Box) field.kind = Kind::Checkbox;
  if (has_several()) field.kind = Kind::List;
  if (judged_ >= Judged::Boxes) {
    rules.one_of.assign(options_.begin(), options_.end());
    for (const std::string& option : options_)
      rules.max = std::max(max_length(rules), length_of(option));
  }
  if (first().type == "date") field.kind = Kind::Date;
  // Whole numbers within bounds that a browser counts exactly.
  const bool is_whole = measure_ != nullptr && first().type != "date" && step_ && min_ && max_ &&
                        measure_->step_scale == 1 && std::floor(*step_) == *step_ &&
                        std::floor(step_base_) == step_base_ && std::abs(*min_) < 1e15 &&
                        std::abs(*max_) < 1e15 && first().type != "month";
  if (is_whole) {
    field.kind = Kind::Number;
    rules.min = static_cast<std::int64_t>(std::ceil(*min_));
    rules.max = static_cast<std::int64_t>(std::floor(*max_));
  }
  return field;
}

ControlRules::Read ControlRules::read(const SentValuesOfField& sent) const {
  if (auto wrong = unreadable(sent, description_.kind, description_.rules)) return *wrong;
  switch (judged_) {
    case Judged::Line: return read_line(without_line_breaks(last_of(sent)));
    case Judged::Area: return read_line(with_line_feeds(last_of(sent)));
    case Judged::Email: return read_addresses(last_of(sent));
    case Judged::Url: return read_line(std::string(trimmed(without_line_breaks(last_of(sent)))));
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

ControlRules::Read ControlRules::read_line(std::string value) const {
  if (is_required_ && is_blank(value)) return Wrong{"field.required"};
  if (value.empty()) return std::vector<std::string>();
  if (auto wrong = wrong_length(value)) return *wrong;
  if (judged_ == Judged::Url) {
    const auto read = read_text(value, {.max = max_length_, .format = Format::Url});
    if (const auto* wrong = std::get_if<Wrong>(&read)) return *wrong;
  }
  if (auto wrong = wrong_pattern(value)) return *wrong;
  return one(std::move(value));
}

// With `multiple` a list, each judged alone, but for the length.
ControlRules::Read ControlRules::read_addresses(std::string_view sent) const {
  const std::string value = without_line_breaks(sent);
  std::vector<std::string> addresses;
  for (std::size_t at = 0; at != value.npos;) {
    const std::size_t comma = first().has("multiple") ? value.find(',', at) : value.npos;
    addresses.emplace_back(trimmed(std::string_view(value).substr(at, comma - at)));
    at = comma == value.npos ? comma : comma + 1;
  }
  const std::string joined = fmt::format("{}", fmt::join(addresses, ","));
  if (joined.empty()) return is_required_ ? Read(Wrong{"field.required"}) : Read();
  if (auto wrong = wrong_length(joined)) return *wrong;
  for (const std::string& address : addresses) {
    const auto read = read_text(address, {.max = max_length_, .format = Format::Email});
    if (address.empty() || std::holds_alternative<Wrong>(read)) return Wrong{"field.email"};
    if (auto wrong = wrong_pattern(address)) return *wrong;
  }
  return one(joined);
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
  const bool is_ticked =
      (!sent.empty() && last_of(sent) == value) || std::get<bool>(read_checkbox(last_of(sent), {}));
  if (is_ticked) return one(value);
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

std::optional<Wrong> ControlRules::wrong_length(std::string_view value) const {
  const std::int64_t length = length_of(value);
  if (length < min_length_)
    return Wrong{{"field.too_short", {{"min", std::to_string(min_length_)}}}};
  if (length > max_length_)
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
