// A page of the site, filled in, as an answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.h"
#include "action/form_places.h"
#include "action/visit.h"
#include "page/page.h"

namespace actiond {

class PageAnswers {
 public:
  // `places` and `keys` must outlive this.
  PageAnswers(const FormPlaces& places, const KeyRing& keys, FindPage find_page, WallClock clock)
      : places_(places), keys_(keys), find_page_(std::move(find_page)), clock_(std::move(clock)) {}

  // The page in which the form of `action` stands, or, where it stands in none, a plain one with
  // it; its key is the id of the request that it answers.  Throws std::runtime_error when the page
  // is gone, and nothing was refused.
  Response give(Visit& visit, const Gate& gate, const Action& action, int status,
                const Filling& filling) const;
  // The plain one: for a visitor who may not see the page.
  Response give_form(Visit& visit, const Gate& gate, const Action& action, int status,
                     const Filling& filling) const;
  // A page that nginx serves otherwise; nothing: there is none of that name.
  std::optional<Response> give_static(Visit& visit, const Gate& gate, std::string_view name) const;

 private:
  std::string key_of(const Visit& visit, const Action& action, const Filling& filling) const;
  std::string name_of_page(const Action& action, const FormPlace& place) const;
  Response fill(Visit& visit, const Gate& gate, const Page& page, std::string key, int status,
                Filling filling) const;

  const FormPlaces& places_;
  const KeyRing& keys_;
  const FindPage find_page_;
  const WallClock clock_;
};

}  // namespace actiond
