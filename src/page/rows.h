// Lists on a page.
#pragma once

#include <string_view>

#include "page/edits.h"
#include "page/list.h"
#include "page/page.h"
#include "page/parts.h"

namespace actiond {

// Repeats the element for each row, and shows it.  Without rows it stays once, hidden.  `fresh` may
// be null.
void show_rows(std::string_view html, const RepeatedElement& element, const List& rows,
               const Fresh* fresh, Edits& edits);

}  // namespace actiond
