// The body of a request, in three notations of the same thing: flat names and values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "data/file.h"
#include "forms/body_window.h"
#include "forms/field.h"
#include "forms/form.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

constexpr std::size_t max_body_bytes = 1024 * 1024;  // without the files that a form takes
constexpr std::size_t max_fields = 1000;
constexpr std::size_t max_name_bytes = 256;
constexpr std::size_t max_boundary_bytes = 70;  // RFC 2046 section 5.1.1
constexpr std::size_t max_part_header_bytes = 8 * 1024;

// `max_body_bytes`, and for each file field as much as it may have.
std::size_t body_limit(const FormDescription& form);

// Reads and parses the body.  What is malformed, too large, not UTF-8 or of an unknown type is a
// problem that names the field or the limit.  Files are taken for the file fields of `form` alone,
// and never held in memory: their bytes go to `new_bytes`.
std::variant<FieldValues, Problem> read_fields(Request& request, const FormDescription& form = {},
                                               const NewFileBytes& new_bytes = nullptr);

// application/x-www-form-urlencoded, WHATWG URL section 5.1; a '%' that encodes nothing is refused.
std::variant<FieldValues, Problem> parse_urlencoded(std::string_view body);
// multipart/form-data, RFC 7578.
std::variant<FieldValues, Problem> parse_multipart(BodySource body, std::string_view content_type,
                                                   const FormDescription& form,
                                                   const NewFileBytes& new_bytes);
std::variant<FieldValues, Problem> parse_multipart(std::string_view body,
                                                   std::string_view content_type);
// application/json, RFC 8259: one object of strings, numbers, booleans, nulls and, for a list,
// arrays of these.  null and false are fields that were not sent.
std::variant<FieldValues, Problem> parse_json(std::string_view body);

}  // namespace actiond
