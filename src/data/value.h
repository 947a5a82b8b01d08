// A value on its way into a statement or out of a row, and the types of C++ that become one:
//
//   std::string, std::string_view, literals   text
//   bool, int, std::int64_t, …                integer; one that the type cannot hold is an error
//   double, Blob                              real, blob; a blob is read as std::string
//   Time                                      integer: seconds since 1970
//   Date                                      text: "2027-01-31"
//   an enum class with names (base/names.h)   text: its name
//   std::optional of one of these             the same, or NULL
//   std::nullopt                              NULL
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/names.h"
#include "base/time.h"

namespace actiond {

// Text and blobs are seen, not owned.
struct Blob {
  std::string_view bytes;

  bool operator==(const Blob&) const = default;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob, Date>;

namespace values {

template <class Type>
constexpr bool is_optional = false;
template <class Type>
constexpr bool is_optional<std::optional<Type>> = true;

template <class To, class From>
To whole_number(From number) {
  if constexpr (std::is_same_v<From, bool> || std::is_same_v<To, bool>) {
    return static_cast<To>(number);
  } else {
    if (!std::in_range<To>(number)) throw std::range_error("a number is too large for its type");
    return static_cast<To>(number);
  }
}

template <class Column, class Read>
Column stored(const std::optional<Read>& read) {
  if (!read) throw std::runtime_error("a column holds no date, or no name of its enum");
  return *read;
}

}  // namespace values

template <class Argument>
Value to_value(const Argument& argument) {
  static_assert(!std::is_null_pointer_v<Argument>, "NULL is bound as std::nullopt");
  if constexpr (std::is_same_v<Argument, std::nullopt_t> || std::is_null_pointer_v<Argument>)
    return {};
  else if constexpr (values::is_optional<Argument>)
    return argument ? to_value(*argument) : Value{};
  else if constexpr (std::is_convertible_v<const Argument&, std::string_view>)
    return std::string_view(argument);
  else if constexpr (std::is_same_v<Argument, Blob> || std::is_same_v<Argument, double> ||
                     std::is_same_v<Argument, Date>)
    return argument;
  else if constexpr (std::is_integral_v<Argument>)
    return values::whole_number<std::int64_t>(argument);
  else if constexpr (std::is_same_v<Argument, Time>)
    return std::int64_t{argument.time_since_epoch().count()};
  else if constexpr (HasNames<Argument>)
    return name_of(argument);
  else {
    static_assert(values::is_optional<Argument>,
                  "a statement takes text, whole numbers, double, bool, Time, Date, Blob, an enum "
                  "class with names() beside it (base/names.h), std::optional of one of these, and "
                  "std::nullopt for NULL");
    return {};
  }
}

template <class Column>
Column from_value(const Value& value) {
  if constexpr (values::is_optional<Column>) {
    if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
    return from_value<typename Column::value_type>(value);
  } else if constexpr (std::is_same_v<Column, std::string>) {
    if (const auto* blob = std::get_if<Blob>(&value)) return std::string(blob->bytes);
    return std::string(std::get<std::string_view>(value));
  } else if constexpr (std::is_integral_v<Column>) {
    return values::whole_number<Column>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_same_v<Column, double>) {
    return std::get<double>(value);
  } else if constexpr (std::is_same_v<Column, Time>) {
    return Time(std::chrono::seconds(std::get<std::int64_t>(value)));
  } else if constexpr (std::is_same_v<Column, Date>) {
    if (const auto* date = std::get_if<Date>(&value)) return *date;
    return values::stored<Date>(date_from_rfc3339(std::get<std::string_view>(value)));
  } else if constexpr (HasNames<Column>) {
    return values::stored<Column>(from_name<Column>(std::get<std::string_view>(value)));
  } else {
    static_assert(values::is_optional<Column>,
                  "a column is read as std::string, a whole number, double, bool, Time, Date, an "
                  "enum class with names() beside it (base/names.h), or std::optional of one of "
                  "these");
    return {};
  }
}

}  // namespace actiond
