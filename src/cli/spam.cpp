#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/account.h"
#include "cli/commands.h"
#include "cli/local_request.h"
#include "cli/program.h"
#include "core/crypto.h"
#include "core/encoding.h"
#include "store/held.h"
#include "store/key_file.h"

namespace actiond {
namespace {

// One line, in which nothing that was sent commands a terminal.
std::string to_line(const Held& held) {
  nlohmann::ordered_json fields = nlohmann::ordered_json::object();
  for (const FieldValue& field : held.fields) fields[field.name] = field.value;
  return fmt::format("{}\t{}\t{}\t{}", held.id, to_rfc3339(held.at), held.action,
                     fields.dump(-1, ' ', true));
}

void list(const Settings& settings) {
  Database database(settings.database, site_migrations());
  std::int64_t last = 0;
  for (auto some = held(database.reader()); !some.empty(); some = held(database.reader(), last))
    for (const Held& each : some) {
      fmt::print("{}\n", to_line(each));
      last = each.id;
    }
}

bool drop(Database& database, std::int64_t id) {
  bool dropped = false;
  database.write([&](Transaction& tx) {
    dropped = drop_held(tx, id);
    return Verdict::Keep;
  });
  return dropped;
}

// Names a release by the number of what is released, so that one which broke off between the action
// and the drop has no second effect when it is done again.  Who knows the number must not know the
// name: a visitor could use it first.  By the oldest key, since it outlives the making of a new
// one.
std::string release_key(std::int64_t id, const KeyRing& keys) {
  return to_base64url(hmac_sha256(keys.keys().back().secret, fmt::format("held.{}", id)));
}

// Sent as it was the first time, without what made it look like spam.
void release(Program& program, std::int64_t id, const KeyRing& keys) {
  const auto held = find_held(program.database().reader(), id);
  if (!held) throw std::runtime_error(fmt::format("nothing is held under {}", id));
  Request request = local_request("spam", held->action, held->fields);
  request.headers.push_back({"idempotency-key", release_key(id, keys)});
  const Response response = program.dispatcher().answer(request);
  if (response.status() >= 400)
    throw std::runtime_error(fmt::format("{} is still held: {}", id, response.body));
  drop(program.database(), id);
  fmt::print("{}: released to {}\n", id, held->action);
}

}  // namespace

void add_spam(CLI::App& app, const SettingsFile& settings) {
  CLI::App* spam = app.add_subcommand("spam", "What looks like spam and is held");
  spam->require_subcommand(1);
  const auto ids = std::make_shared<std::vector<std::int64_t>>();

  spam->add_subcommand("list", "What is held, a line each, the oldest first")
      ->callback([&settings] { list(settings.load()); });

  CLI::App* releasing = spam->add_subcommand("release", "Run the action after all");
  releasing->add_option("ID", *ids, "The numbers")->required();
  releasing->callback([&settings, ids] {
    const Settings loaded = settings.load();
    const KeyRing keys = load_key_ring(loaded.key_ring);
    Program program(loaded, keys);
    for (const std::int64_t id : *ids) release(program, id, keys);
  });

  CLI::App* dropping = spam->add_subcommand("drop", "Forget it");
  dropping->add_option("ID", *ids, "The numbers")->required();
  dropping->callback([&settings, ids] {
    Database database(settings.load().database, site_migrations());
    for (const std::int64_t id : *ids) {
      if (!drop(database, id))
        throw std::runtime_error(fmt::format("nothing is held under {}", id));
      fmt::print("{}: dropped\n", id);
    }
  });
}

}  // namespace actiond
