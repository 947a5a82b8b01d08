#include "program/settings.h"

#include <algorithm>
#include <iterator>

#include "program/origin.h"
#include "program/settings_reader.h"

namespace actiond {
namespace {

Site with_mail(Site site, bool signs_in_by_mail) {
  site.signs_in_by_mail = signs_in_by_mail;
  return site;
}

// It would be read like a file with nothing in it.
void require_no_folder(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file))
    throw WrongSetting(file.string() + ": a folder, and no file of settings");
}

StripeSettings read_stripe(SettingsReader& reader) {
  const bool by_invoice = reader.word("stripe.paid_by", {"subscription", "invoice"}) == "invoice";
  const std::filesystem::path key = reader.optional_path("stripe.restricted_key");
  return {.secrets = reader.optional_path("stripe.secrets"),
          .restricted_key = key,
          .api = reader.api("stripe.api", "https://api.stripe.com"),
          .payments = {.asks = !key.empty(),
                       .is_live = reader.word("stripe.mode", {"live", "test"}) == "live",
                       .past_due = reader.past_due("stripe.past_due"),
                       .paid_by = by_invoice ? PaidBy::Invoice : PaidBy::Subscription,
                       .past_due_days = reader.days("stripe.past_due_days", 0, 60, 7),
                       .grace_days = reader.days("stripe.grace_days", 0, 30, 1),
                       .refund_ends = reader.word("stripe.refund", {"end", "keep"}) == "end",
                       .portal = reader.https("stripe.portal"),
                       .plans = reader.plans("stripe.plan", !key.empty())}};
}

}  // namespace

Settings load_settings(const std::filesystem::path& file, const Site& site) {
  require_no_folder(file);
  SettingsReader reader(file);
  // Their defaults lie beside each other, wherever the operator put the first.
  const std::string postgres = reader.postgres("store.database");
  const auto database = reader.database("store.database", "store.keys");
  const auto data = database.parent_path();
  const auto socket = reader.socket("pool.socket", data / "actiond.sock");
  Settings settings{
      .site = with_mail(site, reader.flag("site.sign_in_by_mail")),
      .origins = reader.origins("site.origins"),
      .static_root = reader.path("site.static", "../static"),
      .published = reader.path("site.published", data / "site"),
      .messages = reader.path("site.messages", "messages"),
      .linked_hosts = reader.hosts("site.linked_hosts"),
      .session_days = reader.number("site.session_days", 1, 400, 30),
      .session_idle_days = reader.number("site.session_idle_days", 1, 400, 14),
      .catalogue_shows = reader.catalogue_shows("site.catalogue"),
      .postgres = postgres,
      .database = database,
      .key_ring = reader.path("store.keys", data / "keys"),
      .uploads = reader.path("store.uploads", data / "uploads"),
      .backups = reader.path("store.backups", data / "backups"),
      .pool = {.socket = socket,
               .socket_group = reader.text("pool.socket_group", ""),
               .workers = reader.number("pool.workers", 1, 64, 2),
               .threads = reader.number("pool.threads", 1, 256, 16),
               .status_socket =
                   reader.socket("pool.status_socket", socket.parent_path() / "status.sock"),
               .max_requests = static_cast<std::uint64_t>(
                   reader.number("pool.max_requests", 0, 1'000'000'000, 0)),
               .request_timeout = std::chrono::seconds(
                   // Waiting for a server may take longer than the least.
                   reader.number("pool.request_timeout", postgres.empty() ? 1 : 20, 25, 20))},
      .log = {.file = reader.optional_path("log.file"),
              .format = reader.log_format("log.format"),
              .slow = std::chrono::milliseconds(reader.number("log.slow_ms", 1, 60'000, 1000))},
      .inbox_file_mib = reader.number("site.inbox_file_mib", 1, 1000, 10),
      .courier = {.from = reader.mailbox("courier.from", "noreply@localhost"),
                  .notify = reader.addresses("courier.notify", "owner@localhost"),
                  .relay = reader.relay("courier.relay"),
                  .relay_user = reader.text("courier.relay_user", ""),
                  .relay_password = reader.optional_path("courier.relay_password"),
                  .texts = reader.path("courier.texts", "mail"),
                  .files = reader.path("courier.files", data / "mail")},
      .stripe = read_stripe(reader),
  };
  reader.require_secrets(settings.stripe);
  reader.require_apart("site.published", settings.published, "site.static", settings.static_root);
  // Pages link to where payments are made and managed.
  std::ranges::copy(settings.stripe.payments.hosts(), std::back_inserter(settings.linked_hosts));
  reader.finish();
  return settings;
}

bool Settings::is_for_this_machine() const {
  return std::ranges::all_of(origins, is_loopback_origin);
}

}  // namespace actiond
