#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"
#include "cli/local_request.h"
#include "cli/program.h"
#include "core/cookie.h"
#include "store/key_file.h"

namespace actiond {
namespace {

// A session for one call, made and ended like any other: the caller earns its proof at the gate.
class BriefSession {
 public:
  BriefSession(Program& program, const std::string& email) : program_(program) {
    change_account(program.database(), email, [&](Transaction& tx, const Account& account) {
      const Time now = current_time();
      program_.sessions().start(tx, id_, account.id, now, now + std::chrono::minutes(5));
    });
  }
  BriefSession(const BriefSession&) = delete;
  BriefSession& operator=(const BriefSession&) = delete;
  ~BriefSession() {
    try {
      program_.database().write([&](Transaction& tx) {
        program_.sessions().end(tx, id_);
        return Verdict::Keep;
      });
    } catch (const std::exception& error) {
      fmt::print(stderr, "actiond: the session of this call ends in five minutes: {}\n",
                 error.what());
    }
  }

  std::string cookie() const {
    return std::string(session_cookie_name(false)) + "=" + sign(id_, program_.keys());
  }

 private:
  Program& program_;
  SessionId id_ = SessionId::make();
};

FieldValues field_values(const std::vector<std::string>& fields) {
  FieldValues values;
  for (const std::string& field : fields) {
    const std::size_t equals = field.find('=');
    if (equals == field.npos) throw CLI::ValidationError("field=value", "has no '=': " + field);
    values.push_back({field.substr(0, equals), field.substr(equals + 1)});
  }
  return values;
}

void call(const Settings& settings, const std::string& name, const std::vector<std::string>& fields,
          const std::string& email) {
  Request request = local_request("call", name, field_values(fields));
  Program program(settings, load_key_ring(settings.key_ring));
  std::optional<BriefSession> session;
  if (!email.empty()) {
    session.emplace(program, email);
    request.headers.push_back({"cookie", session->cookie()});
  }
  const Response response = program.dispatcher().answer(request);
  const bool done = response.status() < 400;
  fmt::print(done ? stdout : stderr, "{}", response.body);
  // Whoever may run this may know why we failed.
  if (response.status() >= 500) fmt::print(stderr, "actiond: {}\n", response.record.reason);
  if (!done) throw CLI::RuntimeError(1);
}

}  // namespace

void add_call(CLI::App& app, const SettingsFile& settings) {
  struct Arguments {
    std::string name, email;
    std::vector<std::string> fields;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("call", "Run an action as a request would, without nginx");
  command->add_option("NAME", arguments->name, "The action")->required();
  command->add_option("field=value", arguments->fields, "The fields to send");
  command->add_option("--as", arguments->email, "The account that calls");
  command->callback([&settings, arguments] {
    call(settings.load(), arguments->name, arguments->fields, arguments->email);
  });
}

}  // namespace actiond
