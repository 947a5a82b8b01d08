// Lists on a page.
#pragma once

#include <string_view>

#include "page/edits.h"
#include "page/list.h"
#include "page/parts.h"

namespace actiond {

// The element once for each row, shown; without rows it stays, hidden.
void show_rows(std::string_view html, const RepeatedElement& element, const List& rows,
               Edits& edits);

}  // namespace actiond
