// Messages at the wrong fields of a form, and the summary that leads to them.
#pragma once

#include <cstddef>

#include "forms/field.h"
#include "page/edits.h"
#include "page/page.h"
#include "page/parts.h"

namespace actiond {

// `form` is an index in `parts.forms`, or `nowhere` when the page has none for the action.  `link`
// may be null.
void show_errors(const PageParts& parts, std::size_t form, const FieldErrors& errors,
                 const Link* link, const Words& words, Edits& edits);

}  // namespace actiond
