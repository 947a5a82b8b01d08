// The body of a request, in three notations of the same thing: flat names and values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/field.h"
#include "core/problem.h"
#include "core/request.h"

namespace actiond {

constexpr std::size_t max_body_bytes = 1024 * 1024;
constexpr std::size_t max_fields = 1000;
constexpr std::size_t max_name_bytes = 256;
constexpr std::size_t max_boundary_bytes = 70;  // RFC 2046 section 5.1.1
constexpr std::size_t max_part_header_bytes = 8 * 1024;

// Reads and parses the body.  What is malformed, too large, not UTF-8 or of an unknown type is a
// problem that names the field or the limit.
std::variant<FieldValues, Problem> read_fields(Request& request);

// application/x-www-form-urlencoded, WHATWG URL section 5.1; a '%' that encodes nothing is refused.
std::variant<FieldValues, Problem> parse_urlencoded(std::string_view body);
// multipart/form-data, RFC 7578.
std::variant<FieldValues, Problem> parse_multipart(std::string_view body,
                                                   std::string_view content_type);
// application/json, RFC 8259: one object of strings, numbers, booleans, nulls and, for a list,
// arrays of these.  null and false are fields that were not sent.
std::variant<FieldValues, Problem> parse_json(std::string_view body);

}  // namespace actiond
