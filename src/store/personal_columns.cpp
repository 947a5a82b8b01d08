#include <array>

#include "store/person.h"

namespace actiond {
namespace {

using Holds = PersonalColumn::Holds;
using Erased = PersonalColumn::Erased;

// The accounts come last: what refers to one goes before it.
constexpr auto columns = std::to_array<PersonalColumn>({
    {"inbox", "id"},
    {"inbox", "form"},
    {"inbox", "state"},
    {"inbox", "made"},
    {"inbox", "fields"},
    {"inbox", "words", Holds::Text},
    {"inbox", "user_id", Holds::Account},
    {"outbox", "id"},
    {"outbox", "recipient", Holds::Address},
    {"outbox", "reply_to", Holds::Address},
    {"outbox", "text"},
    {"outbox", "language"},
    {"outbox", "fields", Holds::SecretText},  // what a link opens
    {"outbox", "token", Holds::Secret},
    {"outbox", "state"},
    {"outbox", "reason", Holds::Text},
    {"outbox", "made_at"},
    {"mail_links", "email", Holds::Address},
    {"mail_links", "user_id", Holds::Account},
    {"mail_links", "purpose"},
    {"mail_links", "expires_at"},
    {"mail_links", "next"},
    {"mail_links", "hash", Holds::Secret},
    {"mail_links", "ticket", Holds::Secret},
    {"mail_links", "code", Holds::Secret},
    {"account_notices", "user_id", Holds::Account},
    {"account_notices", "text"},
    {"account_notices", "due_at"},
    // The answer to a submission, for a day.
    {"submissions", "result", Holds::Text},
    {"submissions", "id", Holds::Secret},
    {"submissions", "fingerprint", Holds::Secret},
    {"submissions", "session_id", Holds::Secret},
    {"submissions", "created_at"},
    {"sessions", "user_id", Holds::Account},
    {"sessions", "id", Holds::Secret},
    {"sessions", "browser"},
    {"sessions", "created_at"},
    {"sessions", "seen_at"},
    {"sessions", "expires_at"},
    {"tokens", "id"},
    {"tokens", "user_id", Holds::Account},
    {"tokens", "hash", Holds::Secret},
    {"tokens", "start"},
    {"tokens", "actions"},
    {"tokens", "made_at"},
    {"tokens", "ends_at"},
    {"tokens", "seen_at"},
    {"grants", "user_id", Holds::Account},
    {"grants", "name"},
    {"grants", "source"},
    {"grants", "until"},
    {"grants", "given_at"},
    {"subscriptions", "id"},
    {"subscriptions", "customer"},
    {"subscriptions", "user_id", Holds::Account},
    {"subscriptions", "status"},
    {"subscriptions", "price"},
    {"subscriptions", "told"},
    {"subscriptions", "told_by"},
    {"subscriptions", "period_end"},
    {"customers", "id"},
    {"customers", "user_id", Holds::Account},
    // For an hour.
    {"stripe_sessions", "user_id", Holds::Account},
    {"stripe_sessions", "plan"},
    {"stripe_sessions", "made_at"},
    {"stripe_sessions", "id", Holds::Secret},
    {"stripe_sessions", "asks", Holds::Secret},
    {"stripe_sessions", "address", Holds::Secret},
    {"stripe_sessions", "reason", Holds::Secret},
    // A payment stays for the books, of nobody.
    {"payments", "id", Holds::Detail, Erased::Not},
    {"payments", "user_id", Holds::Account, Erased::Blank},
    {"payments", "plan", Holds::Detail, Erased::Not},
    {"payments", "paid_at", Holds::Detail, Erased::Not},
    {"audit", "user_id", Holds::Account, Erased::Not},
    {"audit", "at", Holds::Detail, Erased::Not},
    {"audit", "action", Holds::Detail, Erased::Not},
    {"audit", "outcome", Holds::Detail, Erased::Not},
    {"audit", "request_id", Holds::Detail, Erased::Not},
    {"users", "id", Holds::Account},
    {"users", "email", Holds::Address},
    {"users", "name"},
    {"users", "website"},
    {"users", "avatar", Holds::File},
    {"users", "password_hash", Holds::Secret},
    {"users", "created_at"},
    {"users", "disabled_at"},
    {"users", "blocked_at"},
    {"users", "email_proven_at"},
});

constexpr auto impersonal = std::to_array<std::string_view>({
    // Of an address, for a day.
    "answered.hash",
    // HMACs, which nobody reads backwards without the key, for 15 minutes.
    "attempts.account",
    "attempts.network",
    "attempts.owner",
    // Of machines and programs.
    "hosts.key_ids",
    "hosts.name",
    "hosts.program",
    "hosts.socket",
    "inbox_notices.form",
    // Without the row of its subscription it is nobody's.
    "paid_periods.subscription",
    // Until the courier has fetched it.
    "stripe_fetches.asked_by",
    "stripe_fetches.object",
    "stripe_fetches.reason",
    "stripe_nights.report",
    "webhook_events.id",
    "webhook_events.outcome",
    "webhook_events.scheme",
    "webhook_events.type",
});

}  // namespace

std::span<const PersonalColumn> library_personal_columns() { return columns; }
std::span<const std::string_view> library_impersonal_columns() { return impersonal; }

}  // namespace actiond
