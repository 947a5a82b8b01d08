// The answers that every site has: who is signed in (`me`), the catalogue, and the gate of static
// files.
#pragma once

#include <string>
#include <string_view>

#include "action/admission.h"
#include "action/catalogue.h"

namespace actiond {

// To whom the catalogue shows what: to each visitor what that visitor may call, all to everybody,
// or nothing to anybody.
enum class CatalogueShows { Own, All, Off };

class BuiltIn {
 public:
  // All but `origin` must outlive this.
  BuiltIn(const Catalogue& catalogue, const Admission& admission, std::string origin,
          CatalogueShows shows)
      : catalogue_(catalogue), admission_(admission), origin_(std::move(origin)), shows_(shows) {}

  // Whether `show` asks whose session it is.
  bool asks_who(std::string_view name) const {
    return name == "me" || shows_ == CatalogueShows::Own;
  }
  // `name` is "me", "openapi.json" or "".
  Response show(Visit& visit, std::string_view name, Reader& db) const;

  // For nginx, in front of a static page or file (conf/nginx/gate.conf).  `what` is "signed-in",
  // "paid" or "needs-NAME", a permission.  204 lets the visitor in, 401 is for whoever is not
  // signed in, and 403 for everybody else: nginx's auth_request knows no other answers.
  Response judge(Visit& visit, std::string_view what, Reader& db) const;

 private:
  Response me(Visit& visit, Reader& db) const;
  Response show_catalogue(Visit& visit, const Catalogue& catalogue, std::string_view name) const;

  const Catalogue& catalogue_;
  const Admission& admission_;
  const std::string origin_;
  const CatalogueShows shows_;
};

}  // namespace actiond
