// The body of a request: flat names and values, in one of three notations.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "data/file.h"
#include "forms/body_window.h"
#include "forms/field.h"
#include "forms/form.h"
#include "forms/limits.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

constexpr std::size_t max_boundary_bytes = 70;  // RFC 2046 section 5.1.1
constexpr std::size_t max_part_header_bytes = 8 * 1024;

// Reads and parses the body.  A body that is malformed, too large, not UTF-8 or of an unknown type
// is a problem that names the field or the limit.  A file is taken for a file field of `form`
// alone, and its bytes go to `new_bytes`, never to memory.  Of fields that `form` does not declare,
// max_undeclared_bytes are kept.
std::variant<FieldValues, Problem> read_fields(Request& request, const FormDescription& form = {},
                                               const NewFileBytes& new_bytes = nullptr);

// application/x-www-form-urlencoded, WHATWG URL section 5.1; a '%' that encodes nothing is refused.
// A field that is ignored is not looked at, whatever its bytes.
enum class Undeclared { Kept, Ignored };
std::variant<FieldValues, Problem> parse_urlencoded(std::string_view body,
                                                    const FormDescription& form = {},
                                                    Undeclared undeclared = Undeclared::Kept);
// multipart/form-data, RFC 7578.
std::variant<FieldValues, Problem> parse_multipart(BodySource body, std::string_view content_type,
                                                   const FormDescription& form,
                                                   const NewFileBytes& new_bytes);
std::variant<FieldValues, Problem> parse_multipart(std::string_view body,
                                                   std::string_view content_type,
                                                   const FormDescription& form = {});
// application/json, RFC 8259: one object of strings, numbers, booleans, nulls and, for a list,
// arrays of these.  null and false are fields that were not sent.
std::variant<FieldValues, Problem> parse_json(std::string_view body,
                                              const FormDescription& form = {});

}  // namespace actiond
