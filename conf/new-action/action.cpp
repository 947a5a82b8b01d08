#include "actions.h"

namespace site {
namespace {

struct @TYPE@ {
@MEMBERS@};

const Form<@TYPE@> form{
    "@NAME@.html",
    {
@RULES@    }};

Result save(@PROOF@const @TYPE@& input, Transaction& tx) {
  tx.run(
      "INSERT INTO @TABLE@ (@COLUMNS@) "
      "VALUES (@MARKS@)",
      @VALUES@);
  return Redirect{"/@NAME@.html", "Saved."};
}

}  // namespace

Action @TABLE@() { return @LEVEL@_action("@NAME@", form, save@FACETS@); }

}  // namespace site
