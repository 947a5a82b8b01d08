#include "store/inbox.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "cli/each_row.h"
#include "cli/message.h"
#include "program/program.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

constexpr char no_such_message[] = "there is no message {}";

Json to_json(const InboxMessage& message) {
  return {{"id", message.id},
          {"made", to_rfc3339(message.made_at)},
          {"form", message.form},
          {"state", name_of(message.state)},
          {"account", message.sender.value_or("")},
          {"fields", fields_of(message)}};
}

// A field a line, and what has lines of its own in lines that are indented.
std::string to_text(const InboxMessage& message) {
  std::string text = fmt::format("message {}: form {}, {}, {}\n", message.id, message.form,
                                 name_of(message.state), to_rfc3339(message.made_at));
  if (message.sender) text += fmt::format("account: {}\n", *message.sender);
  for (const MessageField& field : message.fields) {
    text += fmt::format("{}:", field.name);
    std::string value = field.text();
    const bool is_line = value.find('\n') == value.npos;
    for (std::string_view rest = value; !is_line;) {
      const std::size_t end = rest.find('\n');
      text += fmt::format("\n  {}", to_one_line(rest.substr(0, end)));
      if (end == rest.npos) break;
      rest.remove_prefix(end + 1);
    }
    text += is_line ? fmt::format(" {}\n", to_one_line(value)) : "\n";
  }
  return text;
}

}  // namespace

void command::list_inbox(const Settings& settings, const std::string& state,
                         const std::string& form, bool json) {
  const auto engine = engine_of(settings);
  const MessageState in = *from_name<MessageState>(state);
  std::int64_t last = 0;
  for (auto some = messages(engine->reader(), in, form); !some.empty();
       some = messages(engine->reader(), in, form, last))
    for (const InboxMessage& message : some) {
      fmt::print("{}\n", json ? to_json(message).dump(-1, ' ', true) : to_line(message));
      last = message.id;
    }
}

void command::show_messages(const Settings& settings, const std::vector<std::int64_t>& ids) {
  const auto engine = engine_of(settings);
  for (const std::int64_t id : ids) {
    const auto message = find_message(engine->reader(), id);
    if (!message) throw std::runtime_error(fmt::format(no_such_message, id));
    fmt::print("{}", to_text(*message));
  }
}

void command::move_messages(const Settings& settings, const std::string& state,
                            const std::vector<std::int64_t>& ids) {
  const MessageState to = *from_name<MessageState>(state);
  const Receivers receivers = receivers_of(settings.site);
  change_each_row(settings, ids, no_such_message, state, [&](Transaction& tx, std::int64_t id) {
    const auto moved = receivers.move(tx, id, to, current_time());
    if (moved.refusal)
      throw std::runtime_error(fmt::format("{} is still held: {}", id, *moved.refusal));
    return moved.is_there;
  });
}

void command::delete_messages(const Settings& settings, const std::vector<std::int64_t>& ids) {
  change_each_row(settings, ids, no_such_message, "deleted", delete_message);
}

}  // namespace actiond
