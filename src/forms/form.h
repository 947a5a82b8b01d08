// A form, declared once for the page, the check of what was sent, the refill and the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "forms/field.h"
#include "forms/member.h"
#include "forms/rules.h"

namespace actiond {

template <class Input>
struct Field {
  Field(std::string_view its_name, Member<Input> member, Rules said = {})
      : name(its_name), into(member), rules(member.complete(std::move(said))) {}

  std::string_view name;
  Member<Input> into;
  Rules rules;
};

// Checks each declared field of `values` and ignores the others.
template <class Input>
std::variant<Input, FieldErrors> read_fields(const std::vector<Field<Input>>& fields,
                                             const FieldValues& values) {
  Input input{};
  if constexpr (std::is_empty_v<Input>) return input;
  FieldErrors errors;
  for (const Field<Input>& field : fields) {
    const Kind kind = field.into.kind();
    const SentValuesOfField sent = values_of(values, field.name, kind, field.rules);
    auto wrong = unreadable(sent, kind, field.rules);
    if (!wrong) wrong = field.into.read(sent, field.rules, input);
    if (wrong) errors.messages.emplace(field.name, std::move(wrong->message));
  }
  if (!errors.messages.empty()) return errors;
  return input;
}

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

  std::variant<Input, FieldErrors> read(const FieldValues& values) const {
    return read_fields(fields, values);
  }

  // The reverse of `read`: what the page shows for `input`.
  FieldValues write(const Input& input) const {
    FieldValues values;
    for (const Field<Input>& field : fields) {
      if (field.rules.format == Format::Password) continue;
      for (std::string& value : field.into.shown(input))
        values.push_back({std::string(field.name), std::move(value)});
    }
    return values;
  }

  FormDescription describe() const {
    FormDescription description{std::string(page), {}};
    for (const Field<Input>& field : fields)
      description.fields.push_back({std::string(field.name), field.into.kind(), field.rules});
    return description;
  }
};

}  // namespace actiond
