#include "sample/sample.h"
#include "site_under_test.h"

namespace actiond::test {

// With all that a program may find or be told to have.
Site tested_site() {
  Site tested = sample::site();
  tested.inbox_forms.has_pages = true;
  tested.payments =
      std::make_shared<const PaymentSettings>(PaymentSettings{.has_session_page = true});
  tested.signs_in_by_mail = true;
  return tested;
}
std::filesystem::path tested_pages() { return SAMPLE_FOLDER "/static"; }

}  // namespace actiond::test
