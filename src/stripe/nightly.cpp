#include "stripe/nightly.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/count.h"
#include "base/log.h"
#include "base/program_name.h"
#include "payment/fetch_rows.h"
#include "store/audit.h"
#include "store/outbox.h"

namespace actiond {
namespace {

using Outcome = StripeAnswer::Outcome;
using Clock = StripeApi::Clock;

constexpr std::chrono::minutes between_looks(1);  // and between failures
constexpr int most_failures = 5;
constexpr std::size_t most_lines = 20;

std::string lines_of(const std::vector<std::string>& lines) {
  const std::size_t shown = std::min(lines.size(), most_lines);
  std::string text;
  for (std::size_t at = 0; at < shown; ++at) text += lines[at] + "\n";
  if (shown < lines.size()) text += fmt::format("… and {} more\n", lines.size() - shown);
  return text;
}

}  // namespace

bool Nightly::round(Clock::time_point now) {
  if (api_.is_down(now) || now < next_ || (!run_ && !begin(now))) return false;
  const StripeAnswer answer = api_.ask({next_path()}, now);
  if (answer.outcome == Outcome::Down) return false;
  if (const std::string reason = take(answer); !reason.empty()) {
    next_ = now + between_looks;
    if (++run_->failures >= most_failures) end(reason);
    return false;
  }
  if (run_) run_->failures = 0;
  if (run_ && run_->rest && run_->rest->empty()) end("");
  return run_.has_value();
}

bool Nightly::begin(Clock::time_point now) {
  next_ = now + between_looks;
  if (!has_due_night(store_.reader(), clock_())) return false;
  std::optional<HeldNight> held;
  store_.run([&](Transaction& tx) { held = take_night(tx, clock_()); });
  if (!held) return false;
  run_.emplace(Run{.held = *held});
  next_ = now;
  return true;
}

// Those that are not cancelled, and then, one by one, those of ours that are not among them.
std::string Nightly::next_path() const {
  if (run_->rest) return *path_of_object(run_->rest->back());
  return fmt::format("/v1/subscriptions?limit=50{}{}",
                     run_->after.empty() ? "" : "&starting_after=", run_->after);
}

bool Nightly::write(const std::function<void(Transaction&)>& work) {
  bool is_ours = false;
  store_.run([&](Transaction& tx) {
    is_ours = hold_on(tx, run_->held, clock_());
    if (is_ours) work(tx);
  });
  if (!is_ours) run_.reset();
  return is_ours;
}

std::string Nightly::take(const StripeAnswer& answer) {
  if (answer.outcome == Outcome::Failed) return answer.text;
  if (!run_->rest) return answer.outcome == Outcome::Found ? take_page(answer) : answer.text;
  if (answer.outcome == Outcome::Found) return take_one(answer);
  ++run_->found.looked_at;
  run_->found.left.push_back(fmt::format("{}: Stripe does not have it", run_->rest->back()));
  run_->rest->pop_back();
  return "";
}

std::string Nightly::take_page(const StripeAnswer& answer) {
  const auto list =
      read_stripe_list(answer.text, {fmt::format("nightly:{}", answer.by), answer.at}, settings_);
  if (!list || (!list->last.empty() && !is_fetchable(list->last))) return "the answer is no list";
  for (const StripeEvent& told : list->told) run_->seen.insert(told.about);
  std::vector<std::string> ours;
  const bool is_last = list->last.empty();
  const auto look_at_ours = [&](Transaction& tx) {
    if (is_last) ours = living_subscriptions(tx);
  };
  if (!compare(list->told, look_at_ours)) return "";
  run_->after = list->last;
  if (!is_last) return "";
  std::erase_if(
      ours, [this](const std::string& id) { return run_->seen.contains(id) || !is_fetchable(id); });
  run_->rest = std::move(ours);
  return "";
}

std::string Nightly::take_one(const StripeAnswer& answer) {
  const auto told =
      read_stripe_object(answer.text, {fmt::format("nightly:{}", answer.by), answer.at}, settings_);
  if (!told || told->about != run_->rest->back()) return "the answer is not that object";
  if (compare({*told}, [](Transaction&) {})) run_->rest->pop_back();
  return "";
}

bool Nightly::compare(const std::vector<StripeEvent>& told,
                      const std::function<void(Transaction&)>& also) {
  Found found;
  const bool is_ours = write([&](Transaction& tx) {
    found = {};
    for (const StripeEvent& one : told)
      if (one.subscription) compare(tx, one, found);
    also(tx);
  });
  if (!is_ours) return false;
  run_->found.looked_at += found.looked_at;
  std::ranges::move(found.mended, std::back_inserter(run_->found.mended));
  std::ranges::move(found.left, std::back_inserter(run_->found.left));
  return true;
}

void Nightly::compare(Transaction& tx, const StripeEvent& told, Found& found) const {
  const Subscription& one = *told.subscription;
  const auto known = find_subscription(tx, one.id);
  if (!known && settings_.plans_of(one.prices).empty()) return;  // sold for others
  ++found.looked_at;
  // An event that came meanwhile is behind it.
  if (known && comes_after(*known, one) == false) return;
  if (known && !known->is_unsure && says_same(*known, one)) return;
  Effect effect(settings_, told, clock_(), tx);
  const std::string line = fmt::format("{}: {}", one.id, effect.apply());
  (effect.is_left_open() ? found.left : found.mended).push_back(line);
}

void Nightly::end(const std::string& failure) {
  const std::string report = fmt::format("{}{} looked at, {} mended, {} left",
                                         failure.empty() ? "" : "broken off (" + failure + "): ",
                                         count(run_->found.looked_at, "subscription"),
                                         run_->found.mended.size(), run_->found.left.size());
  const std::string lines = lines_of(run_->found.mended) + lines_of(run_->found.left);
  const bool is_ours = write([&](Transaction& tx) {
    end_night(tx, run_->held, report);
    AuditRows().record(tx, {.at = clock_(),
                            .request_id = "nightly",
                            .action = stripe_scheme,
                            .user_id = std::nullopt,
                            .outcome = report});
    if (lines.empty() && failure.empty()) return;
    for (const Address& owner : owners_)
      order_mail(
          tx, {.to = owner,
               .text = "stripe-nightly",
               .values = {
                   {"report", report}, {"lines", lines}, {"command", in_shell("access EMAIL")}}});
  });
  if (is_ours)
    log_event(failure.empty() ? "info" : "error", "compared with Stripe", {{"report", report}});
  run_.reset();
}

}  // namespace actiond
