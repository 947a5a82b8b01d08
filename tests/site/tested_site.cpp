#include "site/actions.h"
#include "site_under_test.h"

namespace actiond::test {

// With the inbox and payments, as a program finds their pages.
Site tested_site() {
  Site tested = site::site();
  tested.inbox_forms.has_pages = true;
  tested.payments = std::make_shared<const PaymentSettings>();
  return tested;
}
std::filesystem::path tested_pages() { return project_folder() / "static"; }

}  // namespace actiond::test
