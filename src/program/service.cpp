#include "program/service.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <memory>
#include <utility>

#include "base/log.h"
#include "program/commit_count.h"
#include "program/engine.h"
#include "program/program.h"

namespace actiond {
namespace {

constexpr std::chrono::minutes upkeep_every(1);

std::string name_of_machine() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

int last_of(const std::vector<Migration>& steps) { return steps.empty() ? 0 : steps.back().number; }

Host this_host(const Settings& settings, const KeyRing& keys, std::int64_t generation) {
  const Schema schema = schema_of(settings.site);
  Host host{.name = name_of_machine(),
            .socket = settings.pool.socket,
            .program = schema.program,
            .generation = generation,
            .library_step = last_of(schema.library),
            .site_step = last_of(schema.site),
            .keys = {},
            .clock_ahead = {},
            .unseen = {}};
  for (const Key& key : keys.keys()) host.keys.push_back(key.id);
  return host;
}

}  // namespace

Service make_service(const Settings& settings, const KeyRing& keys, std::int64_t generation,
                     WorkerCell& cell) {
  const auto program =
      std::make_shared<Program>(settings, keys, std::make_unique<CommitCount>(cell));
  // Whichever thread finds it: the worker retires, and others take its connections.
  program->engine().when_failed([] { kill(getpid(), SIGUSR2); });
  try {
    program->engine().open();
  } catch (const Unavailable& error) {
    log_event("error", "no database", {{"reason", error.what()}});
  }
  return {
      .answer = [program](Request& request,
                          Reply reply) { program->answer(request, std::move(reply)); },
      .takes_long =
          [program](const Request& request) { return program->dispatcher().takes_long(request); },
      .turn_away = [program](
                       Request& request,
                       Reply reply) { program->dispatcher().turn_away(request, std::move(reply)); },
      .begin_round = [program] { program->engine().begin_round(); },
      .end_round = [program] { program->engine().end_round(); },
      .answers = program->engine().answers(),
      .take_answers = [program] { program->engine().take_answers(); },
      .go_on = [program] { return program->engine().go_on(); },
      .has_work = [program] { return program->engine().is_waiting(); },
      .work = [program] { program->engine().commit(); },
      .has_failed = [program] { return program->engine().has_failed(); },
      .begin =
          [program, &cell,
           host = this_host(settings, keys, generation)](std::function<void()> before_waiting) {
            program->engine().before_waiting(std::move(before_waiting));
            program->upkeep().run_again_and_again(upkeep_every, host,
                                                  [&cell] { return cell.is_of_last.load(); });
          },
      .end = [program] { program->upkeep().end(); },
      .opens = sockets_of(settings)};
}

}  // namespace actiond
