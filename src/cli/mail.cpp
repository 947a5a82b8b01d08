#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/each_row.h"
#include "courier/courier.h"
#include "program/engine.h"
#include "program/program.h"
#include "store/outbox.h"

namespace actiond {
namespace {

using Ids = std::vector<std::int64_t>;

// Why it stands there and how it goes on.
std::string describe(const OutboxEntry& mail) {
  const std::string reason = mail.reason.empty() ? "" : "\t" + mail.reason;
  if (mail.state == MailState::Waiting && mail.failures > 0)
    return fmt::format("\t{} failed, next at {}{}", mail.failures, to_rfc3339(mail.due_at), reason);
  if (!mail.done_at) return reason;
  return fmt::format("\t{}{}", to_rfc3339(*mail.done_at), reason);
}

}  // namespace

void command::list_mails(const Settings& settings) {
  const auto engine = engine_of(settings);
  std::int64_t last = 0;
  for (auto some = outbox(engine->reader()); !some.empty(); some = outbox(engine->reader(), last))
    for (const OutboxEntry& mail : some) {
      fmt::print("{}\t{}\t{}\t{}\t{}{}\n", mail.id, to_rfc3339(mail.made_at), name_of(mail.state),
                 mail.text, mail.recipient, describe(mail));
      last = mail.id;
    }
}

void command::show_mails(const Settings& settings, const Ids& ids) {
  const MailTemplates texts(settings.courier.texts);
  const auto engine = engine_of(settings);
  const Sender sender{settings.courier.from, settings.origins.front()};
  for (const std::int64_t id : ids) {
    const auto mail = find_unsent_mail(engine->reader(), id);
    if (!mail) throw std::runtime_error(fmt::format("no mail {} is unsent", id));
    fmt::print("{}", to_rfc5322(message_of(*mail, texts, sender)));
  }
}

void command::retry_mails(const Settings& settings, const Ids& ids) {
  change_each_row(settings, ids, "no mail {} waits or is dead", "is tried again", retry_mail);
}

void command::drop_mails(const Settings& settings, const Ids& ids) {
  change_each_row(
      settings, ids, "no mail {} is unsent", "dropped",
      [](Transaction& tx, std::int64_t id) { return drop_mail(tx, id, current_time()); });
}

void command::release_mails(const Settings& settings, const Ids& ids) {
  change_each_row(settings, ids, "no mail {} came back with a backup", "released", release_mail);
}

}  // namespace actiond
