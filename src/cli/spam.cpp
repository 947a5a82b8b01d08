#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/each_row.h"
#include "cli/message.h"
#include "program/engine.h"
#include "program/program.h"
#include "store/held.h"

namespace actiond {
namespace {

constexpr char nothing_held[] = "nothing is held under {}", still_held[] = "{} is still held: {}";

}  // namespace

void command::list_spam(const Settings& settings) {
  const auto engine = engine_of(settings);
  std::int64_t last = 0;
  for (auto some = held(engine->reader()); !some.empty(); some = held(engine->reader(), last))
    for (const InboxMessage& each : some) {
      fmt::print("{}\n", to_line(each));
      last = each.id;
    }
}

void command::release_spam(const Settings& settings, const std::vector<std::int64_t>& ids) {
  const Receivers receivers = receivers_of(settings.site);
  const auto engine = engine_of(settings);
  for (const std::int64_t id : ids) {
    std::string receiver;
    engine->run([&](Transaction& tx) {
      const auto message = find_held(tx, id);
      if (!message) throw std::runtime_error(fmt::format(nothing_held, id));
      receiver = message->form;
      if (const auto refusal = receivers.release(tx, id, current_time()))
        throw std::runtime_error(fmt::format(still_held, id, *refusal));
    });
    fmt::print("{}: released to {}\n", id, receiver);
  }
}

void command::drop_spam(const Settings& settings, const std::vector<std::int64_t>& ids) {
  change_each_row(settings, ids, nothing_held, "dropped", drop_held);
}

}  // namespace actiond
