#include "payment/stripe_event.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "payment/stripe_id.h"

namespace actiond {
namespace {

using Json = nlohmann::json;

// Null when it is not there, so that whatever is looked up in it is not there either.
const Json& at(const Json& json, const char* name) {
  static const Json nothing;
  if (!json.is_object()) return nothing;
  const auto found = json.find(name);
  return found == json.end() ? nothing : *found;
}

bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }

// No id and no word of Stripe's holds a control character.
std::string text(const Json& json, const char* name) {
  const Json& value = at(json, name);
  if (!value.is_string()) return "";
  std::string said = value.get<std::string>();
  return std::ranges::any_of(said, is_control) ? "" : said;
}

// Of an object that may be expanded: its id.
std::string id(const Json& json, const char* name) {
  const Json& value = at(json, name);
  return value.is_object() ? text(value, "id") : text(json, name);
}

std::optional<Time> time(const Json& json, const char* name) {
  const Json& value = at(json, name);
  // With the days of grace behind it, it is a date of four digits still.
  constexpr std::int64_t latest = 253'370'764'800;  // the beginning of the year 9999
  if (!value.is_number_integer() || value <= 0 || value > latest) return std::nullopt;
  return Time(std::chrono::seconds(value.get<std::int64_t>()));
}

// Those whose price a plan has, or else the first.
std::vector<const Json*> items_of(const Json& object, const PaymentSettings& settings) {
  const Json& items = at(at(object, "items"), "data");
  if (!items.is_array() || items.empty()) return {};
  std::vector<const Json*> sold;
  for (const Json& item : items)
    if (settings.plan_of(id(item, "price")) != nullptr) sold.push_back(&item);
  return sold.empty() ? std::vector{&items.front()} : sold;
}

// The one whose period ends last: the others are renewed, and told of, meanwhile.
const Json& item_of(const Json& object, const PaymentSettings& settings) {
  static const Json nothing;
  const auto items = items_of(object, settings);
  const auto end = [](const Json* item) { return time(*item, "current_period_end"); };
  const auto last = std::ranges::max_element(items, {}, end);
  return last == items.end() ? nothing : **last;
}

std::string prices_of(const Json& object, const PaymentSettings& settings) {
  std::set<std::string> prices;
  for (const Json* item : items_of(object, settings)) prices.insert(id(*item, "price"));
  return fmt::format("{}", fmt::join(prices, " "));
}

// By these two events are told to be one behind the other.
constexpr std::array<const char*, 8> telling{
    "status",   "cancel_at", "cancel_at_period_end", "current_period_end", "current_period_start",
    "ended_at", "trial_end", "pause_collection"};

std::map<std::string, std::string> telling_values(const Json& object) {
  std::map<std::string, std::string> values;
  for (const char* name : telling)
    if (object.is_object() && object.contains(name)) values[name] = object[name].dump();
  return values;
}

// The object and what it was before, each as one level.
Json flat(const Json& object, const Json& item) {
  Json all = object;
  if (!all.is_object()) return all;
  // There until version 2025-03-31 of the API, in the items since.
  for (const char* name : {"current_period_start", "current_period_end"})
    if (!at(all, name).is_number() && item.is_object() && item.contains(name))
      all[name] = item[name];
  return all;
}

Subscription to_subscription(const Json& object, const Json& previous,
                             const PaymentSettings& settings) {
  const Json& item = item_of(object, settings);
  const Json now = flat(object, item);
  Subscription told{.status = text(now, "status"), .id = text(now, "id")};
  told.customer = id(now, "customer");
  told.prices = prices_of(object, settings);
  told.period_start = time(now, "current_period_start");
  told.period_end = time(now, "current_period_end");
  told.cancel_at = time(now, "cancel_at");
  if (!told.cancel_at && at(now, "cancel_at_period_end") == true) told.cancel_at = told.period_end;
  told.trial_end = time(now, "trial_end");
  told.ended_at = time(now, "ended_at");
  told.said = telling_values(now);
  told.before = telling_values(flat(previous, item_of(previous, settings)));
  return told;
}

std::optional<Subscription::As> told_as(std::string_view type) {
  constexpr std::string_view prefix = "customer.subscription.";
  if (!type.starts_with(prefix)) return std::nullopt;
  type.remove_prefix(prefix.size());
  if (type == "created") return Subscription::As::Created;
  if (type == "deleted") return Subscription::As::Deleted;
  if (type == "updated" || type == "paused" || type == "resumed") return Subscription::As::Updated;
  return std::nullopt;
}

Checkout to_checkout(const Json& object) {
  Checkout checkout{.reference = text(object, "client_reference_id"),
                    .customer = id(object, "customer"),
                    .subscription = id(object, "subscription"),
                    .payment = id(object, "payment_intent"),
                    .payment_link = id(object, "payment_link"),
                    .plan = text(at(object, "metadata"), session_plan),
                    .is_paid = false};
  const std::string status = text(object, "payment_status");
  checkout.is_paid = status == "paid" || status == "no_payment_required";
  if (checkout.payment.empty()) checkout.payment = text(object, "id");
  return checkout;
}

// Nothing for an invoice of no subscription.  Its own period is the one before: that of its lines
// counts.
std::optional<PaidInvoice> to_paid_invoice(const Json& object) {
  PaidInvoice invoice{.subscription = id(object, "subscription"), .until = {}};
  // There since version 2025-03-31 of the API.
  if (invoice.subscription.empty())
    invoice.subscription = id(at(at(object, "parent"), "subscription_details"), "subscription");
  const Json& lines = at(at(object, "lines"), "data");
  for (const Json& line : lines.is_array() ? lines : Json::array())
    invoice.until = std::max(invoice.until, time(at(line, "period"), "end").value_or(Time()));
  if (invoice.subscription.empty() || invoice.until == Time()) return std::nullopt;
  return invoice;
}

// The parser takes a NUL for the end, whatever stands behind it.
Json parse_whole(std::string_view body, const Json::parser_callback_t& look = nullptr) {
  if (body.find('\0') != body.npos) return Json::value_t::discarded;
  return Json::parse(body, look, false);
}

// Nothing when a key stands twice, of which one reader takes the first and another the last, or it
// is deeper than what Stripe sends.
std::optional<Json> parse_strictly(std::string_view body) {
  constexpr std::size_t deepest = 24;
  std::vector<std::set<std::string>> keys;
  bool is_strict = true;
  const auto look = [&](int, Json::parse_event_t event, const Json& value) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start)
      keys.emplace_back();
    if (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end)
      keys.pop_back();
    is_strict = is_strict && keys.size() <= deepest;
    if (event == Json::parse_event_t::key)
      is_strict = is_strict && keys.back().insert(value.get<std::string>()).second;
    return is_strict;
  };
  Json json = parse_whole(body, look);
  return is_strict && json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

// It tells what an event of its kind would.
std::optional<StripeEvent> to_event(const Json& object, const Inquiry& asked,
                                    const PaymentSettings& settings) {
  const std::string kind = text(object, "object"), status = text(object, "status");
  StripeEvent event{.id = asked.by,
                    .type = kind,
                    .made_at = asked.at,
                    .is_live = at(object, "livemode") == true,
                    .is_thin = false,
                    .about = text(object, "id")};
  if (kind == "subscription") {
    event.subscription = to_subscription(object, {}, settings);
    event.subscription->told_at = asked.at;
    event.subscription->told_by = asked.by;
    if (status == "canceled") event.subscription->told_as = Subscription::As::Deleted;
  } else if (kind == "checkout.session") {
    if (status == "complete") event.checkout = to_checkout(object);
    event.made_at = time(object, "created").value_or(asked.at);
  } else if (kind == "invoice") {
    if (status == "paid") event.paid_invoice = to_paid_invoice(object);
  } else if (kind == "dispute" || (kind == "charge" && at(object, "refunded") == true)) {
    event.taken_back = id(object, "payment_intent");
  } else if (kind == "charge") {
    return event;  // of which nothing was taken back
  } else {
    return std::nullopt;
  }
  return event;
}

}  // namespace

std::optional<StripeEvent> read_stripe_object(std::string_view body, const Inquiry& asked,
                                              const PaymentSettings& settings) {
  const auto json = parse_strictly(body);
  return json ? to_event(*json, asked, settings) : std::nullopt;
}

std::optional<StripeList> read_stripe_list(std::string_view body, const Inquiry& asked,
                                           const PaymentSettings& settings) {
  const auto json = parse_strictly(body);
  if (!json || text(*json, "object") != "list" || !at(*json, "data").is_array())
    return std::nullopt;
  StripeList list;
  for (const Json& object : at(*json, "data"))
    if (auto event = to_event(object, asked, settings)) list.told.push_back(*std::move(event));
  if (at(*json, "has_more") == true && !at(*json, "data").empty())
    list.last = text(at(*json, "data").back(), "id");
  return list;
}

std::optional<std::string_view> id_in_front(std::string_view body) {
  constexpr std::string_view spaces = " \t\r\n";
  for (const std::string_view piece : {"{", "\"id\"", ":", "\""}) {
    body.remove_prefix(std::min(body.find_first_not_of(spaces), body.size()));
    if (!body.starts_with(piece)) return std::nullopt;
    body.remove_prefix(piece.size());
  }
  const std::string_view id(body.begin(), std::ranges::find_if_not(body, is_of_stripe_id));
  const bool ends = body.substr(id.size()).starts_with('"');
  return ends && !id.empty() ? std::optional(id) : std::nullopt;
}

std::optional<StripeEvent> read_stripe_event(std::string_view body,
                                             const PaymentSettings& settings) {
  const Json json = parse_whole(body);
  StripeEvent event{.id = text(json, "id"),
                    .type = text(json, "type"),
                    .made_at = time(json, "created").value_or(Time()),
                    .is_live = at(json, "livemode") == true,
                    .is_thin = text(json, "object") == "v2.core.event",
                    .about = id(json, "related_object")};
  if (event.id.empty() || event.type.empty()) return std::nullopt;
  const Json& object = at(at(json, "data"), "object");
  if (const auto as = told_as(event.type)) {
    event.subscription =
        to_subscription(object, at(at(json, "data"), "previous_attributes"), settings);
    event.subscription->told_at = event.made_at;
    event.subscription->told_by = event.id;
    event.subscription->told_as = *as;
    if (event.subscription->id.empty()) return std::nullopt;
  } else if (event.type == "checkout.session.completed" ||
             event.type == "checkout.session.async_payment_succeeded") {
    event.checkout = to_checkout(object);
  } else if (event.type == "invoice.paid") {
    event.paid_invoice = to_paid_invoice(object);
  } else if ((event.type == "charge.refunded" && at(object, "refunded") == true) ||
             event.type == "charge.dispute.created") {
    event.taken_back = id(object, "payment_intent");
  }
  return event;
}

}  // namespace actiond
