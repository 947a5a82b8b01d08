#include "action/declare.h"
#include "site/actions.h"

namespace actiond::site {
namespace {

struct Report {
  std::string topic;
  int pages = 1;  // when the field is left empty
};

const Form<Report> form{
    "premium.html",
    {
        {"topic", &Report::topic, {.required = true, .max = 120}},
        {"pages", &Report::pages, {.min = 1, .max = 20, .message = "Ask for 1 to 20 pages."}},
    }};

Result order_report(const PaidUser& user, const Report& input, Transaction& tx) {
  const auto id = tx.run("INSERT INTO reports (user_id, topic, pages) VALUES (?, ?, ?)", user.id(),
                         input.topic, input.pages);
  return Data{{{"report", std::to_string(id)}}};
}

}  // namespace

Action premium() {
  return paid_action("premium", form, order_report, Fills{.outputs = {"report"}});
}

}  // namespace actiond::site
