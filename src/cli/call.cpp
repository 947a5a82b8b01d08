#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/program_name.h"
#include "cli/account.h"
#include "cli/commands.h"
#include "cli/local_request.h"
#include "files/key_file.h"
#include "http/cookie.h"
#include "program/program.h"

namespace actiond {
namespace {

// A session for one call, made and ended like any other: the caller earns its proof at the gate.
class BriefSession {
 public:
  BriefSession(Program& program, const std::string& email) : program_(program) {
    change_account(program.engine(), email, [&](Transaction& tx, const Account& account) {
      const Time now = current_time();
      program_.sessions().start(tx, id_, account.id, now, now + std::chrono::minutes(5));
    });
  }
  BriefSession(const BriefSession&) = delete;
  BriefSession& operator=(const BriefSession&) = delete;
  ~BriefSession() {
    try {
      program_.engine().write([&](Transaction& tx) {
        program_.sessions().end(tx, id_);
        return Verdict::Keep;
      });
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}: the session of this call ends in five minutes: {}\n", program_name(),
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
    if (equals == field.npos) throw WrongUsage("field=value", "has no '=': " + field);
    values.push_back({field.substr(0, equals), field.substr(equals + 1)});
  }
  return values;
}

// Whether nothing can be posted to it.
bool is_shown_alone(const Site& site, const std::string& name) {
  const Catalogue all = catalogue_of(site);
  const Action* action = all.find(name);
  return action != nullptr ? action->is_view() : name == "me";
}

// Where nginx would send it from.
void print_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("the file cannot be read: {}", path.string()));
  std::array<char, 64 * 1024> piece;
  while (file.read(piece.data(), piece.size()), file.gcount() > 0)
    std::fwrite(piece.data(), 1, static_cast<std::size_t>(file.gcount()), stdout);
  if (file.bad())
    throw std::runtime_error(fmt::format("the file cannot be read: {}", path.string()));
}

}  // namespace

int command::call(const Settings& settings, const std::string& action,
                  const std::vector<std::string>& fields, const std::string& email) {
  const FieldValues values = field_values(fields);
  Request request = is_shown_alone(settings.site, action) ? local_question("call", action, values)
                                                          : local_request("call", action, values);
  Program program(settings, load_key_ring(settings.key_ring));
  std::optional<BriefSession> session;
  if (!email.empty()) {
    session.emplace(program, email);
    request.headers.push_back({"cookie", session->cookie()});
  }
  const Response response = program.dispatcher().answer(request);
  const bool done = response.status() < 400;
  fmt::print(done ? stdout : stderr, "{}", response.body);
  if (response.rest)
    for (std::string more = response.rest(); !more.empty(); more = response.rest())
      fmt::print("{}", more);
  if (const auto name = response.file()) print_file(settings.uploads / *name);
  // The operator may see the reason, which no visitor sees.
  if (response.status() >= 500)
    fmt::print(stderr, "{}: {}\n", program_name(), response.record.reason);
  if (response.has_ended_early && response.has_ended_early())
    throw std::runtime_error("the export ended early");
  return done ? 0 : 1;
}

}  // namespace actiond
