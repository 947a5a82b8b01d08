// The elements around each element of a page, as far as they matter to it.
#pragma once

#include <cstddef>
#include <vector>

#include "page/markup.h"
#include "page/parts.h"

namespace actiond {

// The innermost of each kind, or `nowhere`.
struct Around {
  std::size_t label = nowhere;
  std::size_t select = nowhere;
  std::size_t noscript = nowhere;
  std::size_t repeated = nowhere;  // with data-each, which counts as in itself
  std::size_t cover = nowhere;     // an index in `Surroundings::covers`
  bool is_disabled = false;        // inside a disabled fieldset
  bool is_fallback = false;        // inside a datalist
};

struct Surroundings {
  std::vector<Around> around;  // of each element of the markup
  std::vector<Cover> covers;
};

Surroundings look_around(const std::vector<Element>& elements);

// Which form owns each element, HTML 13.2.6.1 and 4.10.17.3.
struct FormOwners {
  std::vector<std::size_t> forms;   // the elements that are forms, in tree order
  std::vector<std::size_t> owners;  // of each element: an index in `forms`, or `nowhere`
};

FormOwners find_owners(const Markup& markup);

}  // namespace actiond
