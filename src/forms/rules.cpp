#include "forms/rules.h"

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "forms/number.h"
#include "forms/text.h"
#include "forms/web_address.h"

namespace actiond {
namespace {

Wrong wrong(const Rules& rules, Message standard) {
  if (!rules.message.empty()) standard.name = rules.message;
  return {std::move(standard)};
}

Wrong missing(const Rules& rules) { return wrong(rules, "field.required"); }

// One or more labels of 1 to 63 letters, digits and inner hyphens.
bool is_host(std::string_view host) {
  while (true) {
    const std::string_view label = host.substr(0, host.find('.'));
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
      return false;
    if (!std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-'; }))
      return false;
    if (label.size() == host.size()) return true;
    host.remove_prefix(label.size() + 1);
  }
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == text.npos) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view host = text.substr(at + 1);
  return std::all_of(local.begin(), local.end(),
                     [](char c) {
                       return is_letter_or_digit(c) ||
                              std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) !=
                                  std::string_view::npos;
                     }) &&
         is_host(host);
}

// "Send a PNG, JPEG or WebP image.", "Send a PDF file."
Message wrong_type(const std::vector<std::string_view>& types) {
  const bool images = std::all_of(types.begin(), types.end(),
                                  [](std::string_view type) { return type.starts_with("image/"); });
  const std::string last(name_of_type(types.back()));
  if (types.size() == 1) return {images ? "field.image_type" : "field.file_type", {{"type", last}}};
  std::string others(name_of_type(types.front()));
  for (std::size_t at = 1; at + 1 < types.size(); ++at)
    others.append(", ").append(name_of_type(types[at]));
  return {images ? "field.image_types" : "field.file_types", {{"types", others}, {"last", last}}};
}

// Of UTF-8.  Unlike count_characters it counts a CRLF twice: nothing turns a password's into LF.
std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Wrong too_long(const Rules& rules) {
  const bool password = rules.format == Format::Password;
  return wrong(rules, {password ? "field.too_many_bytes" : "field.too_long",
                       {{"max", std::to_string(max_length(rules))}}});
}

std::optional<Wrong> wrong_length(std::string_view text, const Rules& rules) {
  const bool password = rules.format == Format::Password;
  const auto characters = static_cast<std::int64_t>(password ? count_code_points(text)
                                                             : count_characters(text).value_or(0));
  const auto length = password ? static_cast<std::int64_t>(text.size()) : characters;
  if (characters < rules.min)
    return wrong(rules, {"field.too_short", {{"min", std::to_string(rules.min)}}});
  if (length > max_length(rules)) return too_long(rules);
  return std::nullopt;
}

Message number_range(const Rules& rules) {
  const std::string min = std::to_string(rules.min);
  if (!rules.max) return {"field.number_from", {{"min", min}}};
  return {"field.number_between", {{"min", min}, {"max", std::to_string(*rules.max)}}};
}

// A hidden field without a value that page generators write before a group of radio buttons or a
// file input, so that the name is sent in any case; or one of a control and its fallback.
bool is_empty_twin(const FieldValue& value, Kind kind, const Rules& rules) {
  const bool has_twins =
      kind == Kind::File || rules.has_fallback || (kind == Kind::Text && !rules.one_of.empty());
  return has_twins && !value.file && !value.is_too_long && value.value.empty();
}

}  // namespace

std::int64_t max_length(const Rules& rules) { return rules.max.value_or(200); }

std::int64_t max_number(const Rules& rules) {
  return rules.max.value_or(std::numeric_limits<std::int64_t>::max());
}

std::size_t max_file_bytes(const Rules& rules) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, rules.max.value_or(1024 * 1024)));
}

bool has_file_field(const FormDescription& form) {
  return std::any_of(form.fields.begin(), form.fields.end(),
                     [](const FieldDescription& field) { return field.kind == Kind::File; });
}

const FieldDescription* find_field(const FormDescription& form, std::string_view name) {
  const auto found =
      std::find_if(form.fields.begin(), form.fields.end(),
                   [name](const FieldDescription& field) { return field.name == name; });
  return found == form.fields.end() ? nullptr : &*found;
}

std::optional<std::string> repeated_field(const FieldValues& values, const FormDescription& form) {
  std::vector<std::string_view> once;
  once.reserve(values.size());
  for (const FieldValue& value : values) {
    const FieldDescription* field = find_field(form, value.name);
    const bool may_have_several =
        field != nullptr &&
        (field->kind == Kind::Checkbox || field->kind == Kind::List || field->kind == Kind::File);
    if (may_have_several || (field && is_empty_twin(value, field->kind, field->rules))) continue;
    once.push_back(value.name);
  }
  std::ranges::sort(once);
  const auto repeated = std::ranges::adjacent_find(once);
  return repeated == once.end() ? std::nullopt : std::optional(std::string(*repeated));
}

SentValuesOfField values_of(const FieldValues& values, std::string_view name, Kind kind,
                            const Rules& rules) {
  SentValuesOfField sent;
  for (const FieldValue& value : values)
    if (value.name == name && !is_empty_twin(value, kind, rules)) sent.push_back(&value);
  return sent;
}

std::string_view last_of(const SentValuesOfField& sent) {
  return sent.empty() ? std::string_view() : sent.back()->value;
}

std::optional<Wrong> unreadable(const SentValuesOfField& sent, Kind kind, const Rules& rules) {
  for (const FieldValue* value : sent) {
    if (value->is_too_long && (kind == Kind::Text || kind == Kind::List)) return too_long(rules);
    if (value->is_too_long) return wrong(rules, "field.value_too_long");
    if (has_forbidden_character(value->value)) return wrong(rules, "field.control_characters");
  }
  return std::nullopt;
}

std::variant<std::string, Wrong> read_text(std::string_view value, const Rules& rules) {
  // The value sanitization of HTML; a browser has done it already, a script has not.
  std::string line;
  if (rules.one_line) {
    line = with_line_feeds(value);
    std::erase(line, '\n');
    value = line;
  }
  if (rules.format == Format::Email || rules.format == Format::Url) value = trimmed(value);
  const bool blank = rules.format == Format::Password ? value.empty() : is_blank(value);
  if (blank && rules.required) return missing(rules);
  if (value.empty()) return std::string();
  if (auto length = wrong_length(value, rules)) return *length;
  if (rules.format == Format::Email && !is_email(value)) return wrong(rules, "field.email");
  if (rules.format == Format::Url && !is_web_address(value))
    return wrong(rules, "field.web_address");
  if (!rules.one_of.empty() &&
      std::find(rules.one_of.begin(), rules.one_of.end(), value) == rules.one_of.end())
    return wrong(rules, "field.not_an_option");
  return rules.format == Format::Password ? std::string(value) : with_line_feeds(value);
}

std::variant<std::optional<std::int64_t>, Wrong> read_number(std::string_view value,
                                                             const Rules& rules) {
  value = trimmed(value);
  if (value.empty() && rules.required) return missing(rules);
  if (value.empty()) return std::nullopt;
  const auto number = parse_whole_number(value);
  if (!number || *number < rules.min || *number > max_number(rules))
    return wrong(rules, number_range(rules));
  return number;
}

std::variant<std::optional<Date>, Wrong> read_date(std::string_view value, const Rules& rules) {
  value = trimmed(value);
  if (value.empty() && rules.required) return missing(rules);
  if (value.empty()) return std::nullopt;
  const auto date = date_from_rfc3339(value);
  if (!date) return wrong(rules, "field.date");
  return date;
}

std::variant<bool, Wrong> read_checkbox(std::string_view value, const Rules& rules) {
  const std::string lower = to_lower(trimmed(value));
  const bool off =
      lower.empty() || lower == "off" || lower == "false" || lower == "no" || lower == "0";
  if (off && rules.required) return missing(rules);
  return !off;
}

std::variant<std::vector<std::string>, Wrong> read_list(std::vector<std::string> values,
                                                        const Rules& rules) {
  std::vector<std::string> list;
  for (const std::string& value : values) {
    if (value.empty()) continue;
    auto read = read_text(value, rules);
    if (auto* failure = std::get_if<Wrong>(&read)) return *failure;
    list.push_back(std::get<std::string>(std::move(read)));
  }
  if (list.empty() && rules.required) return missing(rules);
  return list;
}

std::variant<std::optional<File>, Wrong> read_file(const SentValuesOfField& sent,
                                                   const Rules& rules) {
  if (sent.empty() && rules.required) return missing(rules);
  if (sent.empty()) return std::nullopt;
  if (sent.size() > 1) return wrong(rules, "field.one_file");
  if (!sent.front()->file) return wrong(rules, "field.not_a_file");
  const File& file = *sent.front()->file;
  if (file.size == 0) return wrong(rules, "field.file_empty");
  if (file.size > max_file_bytes(rules))
    return wrong(rules, {"field.file_too_large", {{"size", size_text(max_file_bytes(rules))}}});
  if (!rules.types.empty() &&
      std::find(rules.types.begin(), rules.types.end(), file.type) == rules.types.end())
    return wrong(rules, wrong_type(rules.types));
  return file;
}

}  // namespace actiond
