// Values in the places that the author gave them: data-field, data-if, attributes, and the rows of
// lists.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "page/edits.h"
#include "page/page.h"
#include "page/parts.h"
#include "page/values.h"

namespace actiond {

// From which the places of one page are filled.
struct PlaceValues {
  const Filling& filling;
  const SentValues& sent;
  const std::vector<std::size_t>& forms;  // those filled with `sent`
  const PageAddress& address;

  // Without either, nobody asked for the page's values, and it stays as its author wrote it.
  bool are_given() const { return filling.data || filling.lists; }
};

// Call it behind `fill_values`: of two changes to one attribute the first counts.
void fill_places(std::string_view html, const Places& places, const PlaceValues& values,
                 Edits& edits);

}  // namespace actiond
