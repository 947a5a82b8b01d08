#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/crypto.h"
#include "base/encoding.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "cli/each_row.h"
#include "cli/local_request.h"
#include "files/key_file.h"
#include "program/program.h"
#include "store/held.h"

namespace actiond {
namespace {

// One line, in which nothing that was sent commands a terminal.
std::string to_line(const Held& held) {
  nlohmann::ordered_json fields = nlohmann::ordered_json::object();
  for (const FieldValue& field : held.fields) fields[field.name] = field.value;
  return fmt::format("{}\t{}\t{}\t{}", held.id, to_rfc3339(held.at), held.action,
                     fields.dump(-1, ' ', true));
}

// Names a release by the number of what is released, so that one which broke off between the action
// and the drop has no second effect when it is done again.  Who knows the number must not know the
// name: a visitor could use it first.  By the oldest key, since it outlives the making of a new
// one.
std::string release_key(std::int64_t id, const KeyRing& keys) {
  return to_base64url(hmac_sha256(keys.keys().back().secret, fmt::format("held.{}", id)));
}

// Sent as it was the first time, without what made it look like spam.
void release(Program& program, std::int64_t id) {
  const auto held = find_held(program.engine().reader(), id);
  if (!held) throw std::runtime_error(fmt::format("nothing is held under {}", id));
  Request request = local_request("spam", held->action, held->fields);
  request.headers.push_back({"idempotency-key", release_key(id, program.keys())});
  const Response response = program.dispatcher().answer(request);
  if (response.status() >= 400)
    throw std::runtime_error(fmt::format("{} is still held: {}", id, response.body));
  program.engine().write([id](Transaction& tx) {
    drop_held(tx, id);
    return Verdict::Keep;
  });
  fmt::print("{}: released to {}\n", id, held->action);
}

}  // namespace

void command::list_spam(const Settings& settings) {
  const auto engine = engine_of(settings);
  std::int64_t last = 0;
  for (auto some = held(engine->reader()); !some.empty(); some = held(engine->reader(), last))
    for (const Held& each : some) {
      fmt::print("{}\n", to_line(each));
      last = each.id;
    }
}

void command::release_spam(const Settings& settings, const std::vector<std::int64_t>& ids) {
  Program program(settings, load_key_ring(settings.key_ring));
  for (const std::int64_t id : ids) release(program, id);
}

void command::drop_spam(const Settings& settings, const std::vector<std::int64_t>& ids) {
  change_each_row(settings, ids, "nothing is held under {}", "dropped", drop_held);
}

}  // namespace actiond
