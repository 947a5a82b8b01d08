// How many bytes a form may take, computed from its fields.
#pragma once

#include <cstddef>

#include "forms/form.h"

namespace actiond {

constexpr std::size_t max_body_bytes = 1024 * 1024;  // of any body, its files not counted
constexpr std::size_t max_fields = 1000;
constexpr std::size_t max_name_bytes = 256;
// Names and values together that a body may hold for no field of its form: what widgets and pages
// add, such as a captcha's answer.  What is beyond is passed over.
constexpr std::size_t max_undeclared_bytes = 16 * 1024;

// The longest value of `field` that is held in memory.  Every value that its rules allow is
// shorter.
std::size_t max_value_bytes(const FieldDescription& field);

// The longest body without files, in whatever notation: room for every value that the rules allow,
// for what is undeclared and for text that is somewhat too long, so that it is answered at its
// field.
std::size_t text_limit(const FormDescription& form);

// `text_limit`, and for each file field as much as it may have.
std::size_t body_limit(const FormDescription& form);

}  // namespace actiond
