// A form, declared once for the page, the check of what was sent, the refill and the catalogue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "forms/field.h"

namespace actiond {

// Email and Url by the WHATWG HTML standard, sections 4.10.5.1.5 and .4 (Url: http and https
// only).  Password is never trimmed and never sent back.
enum class Format { Text, Email, Url, Password };

// `min` and `max` count the code points of a text, the bytes of a file and of a password's `max`
// (NIST SP 800-63B-4 counts a password's minimum in code points), and bound a number itself.
struct Rules {
  bool required = false;  // forbids what is_blank (text.h) takes for nothing
  std::int64_t min = 0;
  std::optional<std::int64_t> max = {};  // without: max_length, max_number, max_file_bytes
  Format format = Format::Text;
  std::vector<std::string_view> one_of = {};  // when not empty: the only values
  std::vector<std::string_view> types = {};   // when not empty: the only media types of a file
  std::string_view message = {};              // replaces the standard message; may be a name
};

// `max`, or what a field has that states none: 200 characters, any number, 1 MiB.
std::int64_t max_length(const Rules& rules);
std::int64_t max_number(const Rules& rules);
std::size_t max_file_bytes(const Rules& rules);

enum class Kind { Text, Number, Checkbox, List, File };

// A field without its place in the input.
struct FieldDescription {
  std::string name;
  Kind kind;
  Rules rules;
};

struct FormDescription {
  std::string page;  // below the static root; empty: none
  std::vector<FieldDescription> fields;
};

bool has_file_field(const FormDescription& form);
const FieldDescription* find_field(const FormDescription& form, std::string_view name);

// The name of a field that was sent twice, declared or not, unless its kind allows it: a list has
// many values, of a checkbox the last counts (page generators write a hidden twin before it), and
// two files for one field are an error of that field.
std::optional<std::string> repeated_field(const FieldValues& values, const FormDescription& form);

// The message to the visitor about a wrong value.
struct Wrong {
  Message message;
};
// Line breaks of text become LF.  A value that was not sent is an empty one: an empty optional
// number stays at its default.
std::variant<std::string, Wrong> read_text(std::string_view value, const Rules& rules);
std::variant<std::optional<std::int64_t>, Wrong> read_number(std::string_view value,
                                                             const Rules& rules);
// Ticked by any value but "", "off", "false", "no" and "0".
std::variant<bool, Wrong> read_checkbox(std::string_view value, const Rules& rules);
std::variant<std::vector<std::string>, Wrong> read_list(std::vector<std::string> values,
                                                        const Rules& rules);
using SentValuesOfField = std::vector<const FieldValue*>;
// Each is a file, or text by mistake.
std::variant<std::optional<File>, Wrong> read_file(const SentValuesOfField& sent,
                                                   const Rules& rules);

// The values that count for a field, in the order sent.  Points into `values`.
SentValuesOfField values_of(const FieldValues& values, std::string_view name, Kind kind,
                            const Rules& rules);
// Whether no kind of field can have one of the values: too long to be held, or with a character
// that is forbidden in text.
std::optional<Wrong> unreadable(const SentValuesOfField& sent, Kind kind, const Rules& rules);

template <class Input>
using Member = std::variant<std::string Input::*, std::int64_t Input::*, bool Input::*,
                            std::vector<std::string> Input::*, std::optional<File> Input::*>;

template <class Input>
struct Field {
  std::string_view name;
  Member<Input> into;
  Rules rules = {};
};

template <class Input>
struct Form {
  std::string_view page;  // the static page that shows this form; empty: none
  std::vector<Field<Input>> fields;

  // An error that only the action can find, such as a name already taken.
  FieldErrors error(Member<Input> member, Message message) const {
    for (const Field<Input>& field : fields)
      if (field.into == member) return {{{std::string(field.name), std::move(message)}}};
    return {{{"", std::move(message)}}};
  }

  // Checks each declared field of `values` and ignores the others.
  std::variant<Input, FieldErrors> read(const FieldValues& values) const {
    Input input{};
    if constexpr (std::is_empty_v<Input>) return input;
    FieldErrors errors;
    for (const Field<Input>& field : fields)
      if (auto wrong = read_field(field, values, input))
        errors.messages.emplace(field.name, std::move(wrong->message));
    if (!errors.messages.empty()) return errors;
    return input;
  }

  // The reverse of `read`: what the page shows for `input`.
  FieldValues write(const Input& input) const {
    FieldValues values;
    for (const Field<Input>& field : fields)
      std::visit([&](auto member) { write_field(field, input.*member, values); }, field.into);
    return values;
  }

  FormDescription describe() const {
    FormDescription description{std::string(page), {}};
    for (const Field<Input>& field : fields)
      description.fields.push_back(
          {std::string(field.name), static_cast<Kind>(field.into.index()), field.rules});
    return description;
  }

 private:
  // Not inlined: otherwise GCC warns that a kind of member which this Input does not have would lie
  // beyond its end.
  [[gnu::noinline]] static std::optional<Wrong> read_field(const Field<Input>& field,
                                                           const FieldValues& values,
                                                           Input& input) {
    const auto kind = static_cast<Kind>(field.into.index());
    const SentValuesOfField sent = values_of(values, field.name, kind, field.rules);
    if (auto wrong = unreadable(sent, kind, field.rules)) return wrong;
    const std::string_view last = sent.empty() ? std::string_view() : sent.back()->value;
    return std::visit(
        [&](auto member) -> std::optional<Wrong> {
          using Type = std::remove_reference_t<decltype(input.*member)>;
          if constexpr (std::is_same_v<Type, std::string>)
            return store(read_text(last, field.rules), input.*member);
          else if constexpr (std::is_same_v<Type, std::int64_t>)
            return store(read_number(last, field.rules), input.*member);
          else if constexpr (std::is_same_v<Type, bool>)
            return store(read_checkbox(last, field.rules), input.*member);
          else if constexpr (std::is_same_v<Type, std::optional<File>>)
            return store(read_file(sent, field.rules), input.*member);
          else
            return store(read_list(texts(sent), field.rules), input.*member);
        },
        field.into);
  }

  static std::vector<std::string> texts(const SentValuesOfField& sent) {
    std::vector<std::string> texts;
    for (const FieldValue* value : sent) texts.push_back(value->value);
    return texts;
  }

  template <class Read, class Type>
  static std::optional<Wrong> store(std::variant<Read, Wrong> read, Type& into) {
    if (auto* wrong = std::get_if<Wrong>(&read)) return std::move(*wrong);
    Read& value = std::get<Read>(read);
    if constexpr (std::is_same_v<Read, Type>)
      into = std::move(value);
    else if (value)
      into = *value;
    return std::nullopt;
  }

  static void write_field(const Field<Input>& field, const std::string& value,
                          FieldValues& values) {
    if (field.rules.format != Format::Password) values.push_back({std::string(field.name), value});
  }
  static void write_field(const Field<Input>& field, std::int64_t value, FieldValues& values) {
    values.push_back({std::string(field.name), std::to_string(value)});
  }
  static void write_field(const Field<Input>& field, bool value, FieldValues& values) {
    if (value) values.push_back({std::string(field.name), "on"});
  }
  static void write_field(const Field<Input>& field, const std::vector<std::string>& list,
                          FieldValues& values) {
    for (const std::string& value : list) values.push_back({std::string(field.name), value});
  }
  // A page cannot choose a file for the visitor.
  static void write_field(const Field<Input>&, const std::optional<File>&, FieldValues&) {}
};

}  // namespace actiond
