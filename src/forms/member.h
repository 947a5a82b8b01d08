// The types that a member of a form's or a query's struct may have.  Each says here, and nowhere
// else, which kind of field asks for it, how it is read and what a page shows for it; data/value.h
// says what it is in a row.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/names.h"
#include "forms/rules.h"

namespace actiond {

// `complete` adds to the rules of a field what its type demands, `read` reads what was sent, and
// `shown` is what a browser would send for a value.
template <class Type>
struct FieldType;

namespace members {

template <Kind the_kind>
struct OfKind {
  static constexpr Kind kind = the_kind;
  static Rules complete(Rules said) { return said; }
};

// The same mistake, or what `convert` makes of the value.
template <class Value, class Convert>
auto then(std::variant<Value, Wrong> read, const Convert& convert)
    -> std::variant<decltype(convert(std::declval<Value>())), Wrong> {
  if (auto* wrong = std::get_if<Wrong>(&read)) return std::move(*wrong);
  return convert(std::get<Value>(std::move(read)));
}

}  // namespace members

template <>
struct FieldType<std::string> : members::OfKind<Kind::Text> {
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return read_text(last_of(sent), rules);
  }
  static std::vector<std::string> shown(const std::string& text) { return {text}; }
};

template <>
struct FieldType<std::int64_t> : members::OfKind<Kind::Number> {
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return read_number(last_of(sent), rules);
  }
  static std::vector<std::string> shown(std::int64_t number) { return {std::to_string(number)}; }
};

template <>
struct FieldType<int> : FieldType<std::int64_t> {
  static Rules complete(Rules said) {
    said.min = std::max<std::int64_t>(said.min, std::numeric_limits<int>::min());
    said.max = std::min<std::int64_t>(max_number(said), std::numeric_limits<int>::max());
    return said;
  }
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return members::then(read_number(last_of(sent), rules),
                         [](std::optional<std::int64_t> number) -> std::optional<int> {
                           if (!number) return std::nullopt;
                           return static_cast<int>(*number);  // within the bounds of `complete`
                         });
  }
};

// One that may be left empty is std::optional: there is no date to take instead.
template <>
struct FieldType<Date> : members::OfKind<Kind::Date> {
  static Rules complete(Rules said) {
    said.required = true;
    return said;
  }
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return read_date(last_of(sent), rules);
  }
  static std::vector<std::string> shown(Date date) { return {date.ok() ? to_rfc3339(date) : ""}; }
};

template <HasNames Enum>
struct FieldType<Enum> : members::OfKind<Kind::Text> {
  static Rules complete(Rules said) {
    said.one_of.clear();
    for (const Named<Enum>& named : naming::table<Enum>) said.one_of.push_back(named.name);
    return said;
  }
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return members::then(read_text(last_of(sent), rules), from_name<Enum>);
  }
  static std::vector<std::string> shown(Enum value) { return {std::string(name_of(value))}; }
};

template <>
struct FieldType<bool> : members::OfKind<Kind::Checkbox> {
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return read_checkbox(last_of(sent), rules);
  }
  static std::vector<std::string> shown(bool ticked) {
    return ticked ? std::vector<std::string>{"on"} : std::vector<std::string>();
  }
};

template <>
struct FieldType<std::vector<std::string>> : members::OfKind<Kind::List> {
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    std::vector<std::string> texts;
    for (const FieldValue* value : sent) texts.push_back(value->value);
    return read_list(std::move(texts), rules);
  }
  static std::vector<std::string> shown(const std::vector<std::string>& list) { return list; }
};

// A page cannot choose a file for the visitor.
template <>
struct FieldType<std::optional<File>> : members::OfKind<Kind::File> {
  static auto read(const SentValuesOfField& sent, const Rules& rules) {
    return read_file(sent, rules);
  }
  static std::vector<std::string> shown(const std::optional<File>&) { return {}; }
};

// A field of one value, which is nothing when it was left empty.
template <class Type>
requires(FieldType<Type>::kind == Kind::Text || FieldType<Type>::kind == Kind::Number ||
         FieldType<Type>::kind == Kind::Date) struct FieldType<std::optional<Type>> {
  static constexpr Kind kind = FieldType<Type>::kind;
  static Rules complete(Rules said) {
    const bool required = said.required;
    said = FieldType<Type>::complete(std::move(said));
    said.required = required;
    return said;
  }
  static std::variant<std::optional<Type>, Wrong> read(const SentValuesOfField& sent,
                                                       const Rules& rules) {
    if constexpr (std::same_as<Type, std::string>)
      return members::then(FieldType<Type>::read(sent, rules), [](std::string text) {
        return text.empty() ? std::nullopt : std::optional(std::move(text));
      });
    else
      return FieldType<Type>::read(sent, rules);
  }
  static std::vector<std::string> shown(const std::optional<Type>& value) {
    return value ? FieldType<Type>::shown(*value) : std::vector<std::string>{""};
  }
};

// A member of `Input`, of whichever of these types.
template <class Input>
class Member {
 public:
  template <class Type, class Base>
  requires std::derived_from<Input, Base> Member(Type Base::*member)
      : place_(reinterpret_cast<Place>(static_cast<Type Input::*>(member))) {
    constexpr bool has_field = requires { FieldType<Type>::kind; };
    static_assert(has_field,
                  "a member of a form or a query is std::string, int, std::int64_t, Date, an enum "
                  "class with names() beside it (base/names.h), std::optional of one of these, "
                  "bool, std::vector<std::string> or std::optional<File>");
    if constexpr (has_field) type_ = &type<Type>;
  }

  Kind kind() const { return type_->kind; }
  Rules complete(Rules said) const { return type_->complete(std::move(said)); }
  std::optional<Wrong> read(const SentValuesOfField& sent, const Rules& rules, Input& input) const {
    return type_->read(sent, rules, place_, input);
  }
  std::vector<std::string> shown(const Input& input) const { return type_->shown(place_, input); }

  bool operator==(const Member&) const = default;

 private:
  using Place = char Input::*;  // stands for a member of any type

  struct Functions {
    Kind kind;
    Rules (*complete)(Rules);
    std::optional<Wrong> (*read)(const SentValuesOfField&, const Rules&, Place, Input&);
    std::vector<std::string> (*shown)(Place, const Input&);
  };

  template <class Type>
  static Type Input::*typed(Place place) {
    return reinterpret_cast<Type Input::*>(place);
  }

  // A number and an option that were left empty stay at their default.
  template <class Type>
  static std::optional<Wrong> read_as(const SentValuesOfField& sent, const Rules& rules,
                                      Place place, Input& input) {
    auto read = FieldType<Type>::read(sent, rules);
    if (auto* wrong = std::get_if<Wrong>(&read)) return std::move(*wrong);
    auto& value = std::get<0>(read);
    if constexpr (std::same_as<std::remove_reference_t<decltype(value)>, Type>)
      input.*typed<Type>(place) = std::move(value);
    else if (value)
      input.*typed<Type>(place) = *value;
    return std::nullopt;
  }
  template <class Type>
  static std::vector<std::string> shown_as(Place place, const Input& input) {
    return FieldType<Type>::shown(input.*typed<Type>(place));
  }

  template <class Type>
  static constexpr Functions type{FieldType<Type>::kind, FieldType<Type>::complete, read_as<Type>,
                                  shown_as<Type>};

  Place place_;
  const Functions* type_ = nullptr;
};

}  // namespace actiond
