// Attributes whose name is misspelt, and whose value is what ours would have.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "action/page_check.h"
#include "page/outline.h"

namespace actiond {

// All that a page may ask for.
struct Askable {
  std::set<std::string_view> outputs, columns, lists, states;
};

PageFindings check_misspelt(const std::string& page, const PageOutline& outline,
                            const Askable& askable);

}  // namespace actiond
