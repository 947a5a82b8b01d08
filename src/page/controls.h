// The kinds of a form's controls.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forms/written_control.h"
#include "page/parts.h"
#include "page/tag.h"

namespace actiond {

// Nothing for an element that is no control.
std::optional<ControlKind> control_kind(const Tag& tag);

// The type of an <input> or <button> as a browser takes it: one that it does not know is "text" or
// "submit".  "select" or "select-multiple" of a <select>, and the name of another element.
std::string control_type(const Tag& tag);

// One that stands on `line`.  The options of a <select> are not in its tag.
WrittenControl written_control(const Tag& tag, std::size_t line);

// The names that a control sends besides its own: an image button's coordinates (HTML 4.10.22.4)
// and the direction of a text (4.10.18.2).
std::vector<std::string> further_names(const Tag& tag);

// Fields whose value in a page never is what was sent: the submission key is another in each page,
// and a browser replaces the value of `_charset_` by the encoding.
bool is_never_filled(std::string_view name);

}  // namespace actiond
