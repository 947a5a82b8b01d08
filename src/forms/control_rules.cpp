#include "forms/control_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <set>
#include <tuple>

#include "base/encoding.h"
#include "forms/measure.h"
#include "forms/number.h"
#include "forms/text.h"

namespace actiond {
namespace {

bool takes_pattern(std::string_view type) {
  static const std::set<std::string_view> types{"text", "search", "tel", "url", "email"};
  return types.contains(type);
}

// The others are so for Chromium alone.
bool is_hard_wrap(std::string_view wrap) {
  return wrap == "hard" || wrap == "physical" || wrap == "on";
}

bool may_have_twin(std::string_view type) {
  static const std::set<std::string_view> types{"checkbox", "radio",  "select", "select-multiple",
                                                "file",     "submit", "button"};
  return types.contains(type);
}

}  // namespace

ControlRules::ControlRules(std::string name, std::vector<WrittenControl> written,
                           std::int64_t most_file_bytes)
    : name_(std::move(name)), written_(std::move(written)), most_file_bytes_(most_file_bytes) {
  has_fallback_ = std::erase_if(written_, std::mem_fn(&WrittenControl::is_fallback)) > 0;
  take_twins();
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

// Page generators write a hidden field before a control that may send nothing, so that the name is
// sent in any case.  Of a checkbox the last value counts; of others a hidden one is none if it is
// empty.
void ControlRules::take_twins() {
  const auto rest = std::ranges::find_if(
      written_, [](const WrittenControl& control) { return control.type != "hidden"; });
  if (rest == written_.begin() || rest == written_.end()) return;
  const bool is_box = rest->type == "checkbox" && written_.end() - rest == 1;
  const bool are_empty = std::all_of(written_.begin(), rest, [](const WrittenControl& twin) {
    return twin.value("value").empty();
  });
  if (!is_box && !(are_empty && may_have_twin(rest->type))) return;
  for (auto twin = written_.begin(); twin != rest; ++twin)
    twins_.emplace_back(twin->value("value"));
  written_.erase(written_.begin(), rest);
}

bool ControlRules::has_several() const {
  return judged_ == Judged::Boxes || judged_ == Judged::Choices;
}

// HTML 4.10.5.1.18 leaves the label, which is the value, to the browser: "Submit", "Senden".
bool ControlRules::is_labelled_by_browser() const {
  return std::ranges::any_of(written_, [](const WrittenControl& control) {
    return control.type == "submit" && !control.has("value");
  });
}

ControlRules::Judged ControlRules::judged_as() const {
  const std::string& type = first().type;
  if (is_labelled_by_browser()) return Judged::Line;
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
      options_.emplace_back(control.has("value") ? control.value("value") : "on");
  }
  if (judged_ == Judged::Area) max_length_ = default_area_length;
  is_wrapped_ = judged_ == Judged::Area && is_hard_wrap(to_lower(first().value("wrap")));
  if (judged_ == Judged::File) read_accept();
  if (!is_barred && judged_ <= Judged::Url) read_lengths();
  if (!is_barred && takes_pattern(type)) read_pattern();
  if (judged_ == Judged::Measure || judged_ == Judged::Range) read_measure();
  if (judged_ >= Judged::Boxes) require_options();
  if (is_barred && judged_ == Judged::Line) require_own_value();
}

WrongControl ControlRules::no_value(const std::string& why, const std::string& mend) const {
  return {fmt::format("The field \"{}\" can have no value: {}.", name_, why), mend, first().line};
}

void ControlRules::require_options() const {
  if (options_.empty() || (is_required_ && std::ranges::all_of(options_, &std::string::empty)))
    throw no_value("it has no option", "Give it an option with a value that is not disabled.");
  if (first().type != "radio" && first().type != "checkbox") return;
  std::set<std::string_view> seen;
  for (std::size_t at = 0; at < written_.size(); ++at)
    if (!seen.insert(options_[at]).second)
      throw WrongControl(fmt::format("Two controls of the field \"{}\" have the value \"{}\".",
                                     name_, options_[at]),
                         "Give each a value of its own: without one it is \"on\".",
                         written_[at].line);
}

// Nobody can change it.
void ControlRules::require_own_value() const {
  const FieldValue own{name_, std::string(first().value("value"))};
  if (has_forbidden_character(own.value))
    throw no_value("its own has a control character", "Remove it.");
  if (wrong_length(own.value))
    throw no_value(fmt::format("its own has more than {} characters", max_length_),
                   "Make it shorter.");
}

void ControlRules::read_lengths() {
  min_length_ = parse_length(first().value("minlength")).value_or(0);
  max_length_ = std::min<std::int64_t>(
      parse_length(first().value("maxlength")).value_or(max_length_), most_characters);
  // "a@b" and "http://a".
  const std::int64_t shortest = judged_ == Judged::Email ? 3 : judged_ == Judged::Url ? 8 : 1;
  // A browser sends those empty that may be.
  if (is_required_ && std::max(min_length_, shortest) > max_length_)
    throw no_value(
        fmt::format("at least {} and at most {} characters", std::max(min_length_, shortest),
                    max_length_),
        fmt::format("A maxlength that is not written is {}.",
                    judged_ == Judged::Area ? default_area_length : default_line_length));
  // Lengths are those of a user's edit, HTML 4.10.18.3.
  const std::string own = sanitized(first().value("value"));
  if (wrong_length(own)) own_value_ = unwrapped(own);
}

void ControlRules::read_accept() {
  accepted_ = AcceptedFiles(first().value("accept"));
  if (!accepted_.unknown().empty())
    throw WrongControl(fmt::format("Of \"{}\" in the accept of \"{}\" no kind of file is known.",
                                   accepted_.unknown(), name_),
                       "Write the ends of their names with commas between, as in "
                       "accept=\".dwg, image/*\".",
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
  // Of times alone the range may pass midnight; of a range input `min` counts.  A browser sends the
  // others empty, if they may be.
  if (is_required_ && !is_range && first().type != "time" && min_ && max_ && *min_ > *max_)
    throw no_value(fmt::format("from {} to {}", control.value("min"), control.value("max")),
                   "Write a max that is not below its min.");
  if (is_range && !min_) min_ = 0;
  if (is_range) max_ = std::max(max_.value_or(100), *min_);
  const auto base = min_ && control.has("min") ? min_ : measure_->read(control.value("value"));
  step_base_ = base.value_or(is_range ? *min_ : measure_->default_base);
  if (to_lower(control.value("step")) == "any") return;
  const auto step = find_measure("number")->read(control.value("step"));
  step_ = (step && *step > 0 ? *step : measure_->default_step) * measure_->step_scale;
}

bool takes_the_same(const ControlRules& one, const ControlRules& other) {
  const auto rules = [](const ControlRules& control) {
    using Judged = ControlRules::Judged;
    const bool is_measured = control.judged_ == Judged::Measure || control.judged_ == Judged::Range;
    const auto attribute = [&](bool counts, std::string_view name) {
      return counts ? control.first().value(name) : std::string_view();
    };
    std::set<std::pair<std::string_view, bool>> options;
    for (std::size_t at = 0; at < control.options_.size(); ++at)
      options.emplace(control.options_[at],
                      control.judged_ == Judged::Boxes && control.written_[at].has("required"));
    return std::tuple(std::string_view(control.name_), control.judged_, control.is_required_,
                      control.min_length_, control.max_length_,
                      std::string_view(control.own_value_), control.is_wrapped_,
                      is_measured ? control.measure_ : nullptr, control.min_, control.max_,
                      control.step_, control.step_base_, control.pattern_.has_value(),
                      attribute(control.pattern_.has_value(), "pattern"),
                      attribute(control.pattern_.has_value(), "title"),
                      control.judged_ == Judged::Email && control.first().has("multiple"),
                      control.accepted_.kinds(), options, control.has_fallback_,
                      std::set<std::string_view>(control.twins_.begin(), control.twins_.end()));
  };
  return rules(one) == rules(other);
}

FieldDescription ControlRules::describe() const {
  FieldDescription field{name_, Kind::Text, {}};
  Rules& rules = field.rules;
  rules.required = is_required_;
  rules.has_fallback = has_fallback_ || (judged_ == Judged::Line && !twins_.empty());
  if (judged_ == Judged::Email) rules.format = Format::Email;
  if (judged_ == Judged::Url) rules.format = Format::Url;
  if (judged_ <= Judged::Url) {
    rules.min = min_length_;
    rules.max = max_length_;
    rules.most_sent = std::max(max_length_, utf16_length(first().value("value")));
    if (is_wrapped_) rules.most_sent *= 2;
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
    if (is_required_) std::erase(rules.one_of, "");
    for (const std::string& option : options_)
      rules.max = std::max(max_length(rules), utf16_length(option));
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
  field.control = schema(is_whole);
  return field;
}

ControlSchema ControlRules::schema(bool is_whole) const {
  ControlSchema schema;
  schema.is_several = judged_ == Judged::Email && first().has("multiple");
  if (pattern_) schema.pattern = first().value("pattern");
  if (judged_ == Judged::File && accepted_.types().empty() && !accepted_.takes_any())
    schema.accept = accepted_.text();
  if (judged_ == Judged::Color) {
    schema.type = "color";
    schema.shape = "^#[0-9A-Fa-f]{6}$";
  }
  if (judged_ != Judged::Measure && judged_ != Judged::Range) return schema;
  const bool is_number = measure_->message == "field.number";
  schema.type = is_number ? "number" : measure_->type;
  schema.shape = measure_->pattern;
  const auto text = [&](const std::optional<double>& bound, std::string_view name) {
    if (!bound) return std::string();
    return is_number ? fmt::format("{}", *bound) : std::string(first().value(name));
  };
  schema.least = text(min_, "min");
  schema.most = text(max_, "max");
  // A whole number, and a date or time by the step of its type, say it by their type.
  const double told = is_number && !is_whole ? 0 : measure_->default_step * measure_->step_scale;
  if (step_ && *step_ != told) schema.step = *step_ / measure_->step_scale;
  if (!is_number) return schema;
  schema.is_number = !is_whole;
  schema.min = min_;
  schema.max = max_;
  schema.steps_from_zero = step_ && is_on_step(step_base_, 0, *step_);
  return schema;
}

}  // namespace actiond
