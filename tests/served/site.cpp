#include "served/site.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace actiond::http {
namespace {

constexpr const char* psql = "/usr/lib/postgresql/15/bin/psql";

std::vector<RunningSite*>& running_sites() {
  static std::vector<RunningSite*> sites;
  return sites;
}

sockaddr_in local_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Calls `use` (bind or connect) for the port; whether it worked.
template <class Use>
bool try_port(int port, Use use) {
  const sockaddr_in address = local_address(port);
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool worked = use(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return worked;
}

void run_well(const std::vector<std::string>& command) {
  const Outcome outcome = run(command);
  if (outcome.exit_code != 0) throw std::runtime_error(command.front() + ": " + outcome.output);
}

std::string named_by(const char* variable) {
  const char* named = std::getenv(variable);
  if (named == nullptr)
    throw std::runtime_error(fmt::format("{} does not say what to test", variable));
  return named;
}

std::string tail(const std::string& text) {
  std::size_t start = text.size();
  for (int lines = 0; lines < 15 && start > 0; ++lines) start = text.rfind('\n', start - 1);
  return text.substr(std::min(start + 1, text.size()));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const RowCounts& counts) {
  return out << fmt::format("{} users, {} sessions, {} comments, {} reviews", counts.users,
                            counts.sessions, counts.comments, counts.reviews);
}

std::string actiond_program() { return named_by("ACTIOND_PROGRAM"); }
std::filesystem::path site_folder() { return named_by("ACTIOND_SITE"); }

int free_port() {
  static std::mt19937 random{std::random_device()()};
  while (true) {
    const int port = std::uniform_int_distribution(10000, 30000)(random);
    if (try_port(port, bind)) return port;
  }
}

bool nginx_joins_fields() {
  const std::string said = run({"nginx", "-v"}).output;
  int major = 0, minor = 0;
  if (std::sscanf(said.c_str(), "nginx version: nginx/%d.%d", &major, &minor) != 2)
    throw std::runtime_error("nginx -v said " + said);
  return std::pair(major, minor) >= std::pair(1, 23);
}

RunningSite::RunningSite(const Options& options)
    : port_(free_port()), https_port_(options.https ? free_port() : 0) {
  if (options.beside != nullptr) {
    set_postgres(options.beside->postgres_);
    std::filesystem::copy_file(options.beside->folder() / "keys", folder() / "keys");
  } else if (const char* server = std::getenv("ACTIOND_TEST_POSTGRES")) {
    make_postgres(server);
  }
  run_well({project_folder() / "scripts/configure", actiond_program(), folder(),
            std::to_string(port_), std::to_string(options.workers),
            std::to_string(options.threads)});
  if (options.https) add_https();
  if (!options.limited_rate) edit("http.conf", "rate=20r/s", "rate=100000r/s");
  if (!postgres_.empty()) CHECK(actiond({"migrate"}).exit_code == 0);
  if (options.prepare) options.prepare(*this);
  if (options.with_pool) start_pool();
  if (options.with_nginx) start_nginx();
  running_sites().push_back(this);
}

RunningSite::~RunningSite() {
  if (nginx_) {
    nginx_->signal(SIGTERM);
    CHECK(nginx_->wait() == 0);
  }
  if (pool_) stop_pool();
  const std::string text = log();
  for (const char* trouble : {"AddressSanitizer", "ThreadSanitizer", "runtime error:"})
    CHECK_MESSAGE(text.find(trouble) == text.npos,
                  text.substr(std::min(text.find(trouble), text.size()), 4000));
  if (!workers_die_) CHECK_MESSAGE(text.find("worker died") == text.npos, tail(text));
  std::erase(running_sites(), this);
}

// A database of its own on the server of `url`, which names none.
void RunningSite::make_postgres(std::string url) {
  static int made = 0;
  const std::size_t name_at = std::min(url.find('?'), url.size());
  const std::string name = fmt::format("served_{}_{}", getpid(), ++made);
  run_well({psql, std::string(url).insert(name_at, "postgres"), "-c", "CREATE DATABASE " + name});
  set_postgres(url.insert(name_at, name));
}

void RunningSite::set_postgres(const std::string& url) {
  postgres_ = url;
  setenv("ACTIOND_DATABASE", postgres_.c_str(), 1);  // for scripts/configure
}

void RunningSite::start_pool(const std::vector<std::string>& under) {
  const std::size_t logged = log().size();
  std::vector<std::string> command = under;
  command.insert(command.end(), {actiond_program(), "--config", settings(), "serve"});
  pool_ = std::make_unique<Process>(command, folder() / "log/actiond.log");
  const bool listens = eventually(
      [&] { return !pool_->running() || log().find("pool started", logged) != std::string::npos; });
  if (!listens || !pool_->running())
    throw std::runtime_error("the pool does not start: " + tail(log()));
}

void RunningSite::start_nginx() {
  nginx_ = std::make_unique<Process>(
      std::vector<std::string>{"nginx", "-e", folder() / "log/nginx.log", "-c",
                               folder() / "nginx.conf", "-g", "daemon off;"},
      folder() / "log/nginx.log");
  // It listens before it minds signals, and has workers only after that.
  const bool listens = eventually([&] {
    return !nginx_->running() || (try_port(port_, connect) && !children_of(nginx_->pid()).empty());
  });
  if (!listens || !nginx_->running())
    throw std::runtime_error("nginx does not start: " +
                             tail(read_file(folder() / "log/nginx.log")));
}

void RunningSite::reload_nginx() const { nginx_->signal(SIGHUP); }

void RunningSite::stop_pool() {
  pool_->signal(SIGTERM);
  CHECK(pool_->wait() == 0);
  CHECK_FALSE(pool_->leaves_some());
  CHECK_FALSE(std::filesystem::exists(socket()));
  CHECK_FALSE(std::filesystem::exists(status_socket()));
  pool_.reset();
}

std::vector<pid_t> RunningSite::workers() const {
  std::vector<pid_t> children = children_of(pool_->pid());
  std::erase_if(children, [](pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);  // nothing of a process that ended meanwhile
    return name == "actiond-status";
  });
  return children;
}

void RunningSite::kill_pool() {
  pool_->signal(SIGKILL);
  reap_killed_pool();
}

void RunningSite::kill_whole_pool() {
  kill(-pool_->pid(), SIGKILL);
  reap_killed_pool();
}

void RunningSite::reap_killed_pool() {
  CHECK(pool_->wait() == 128 + SIGKILL);
  CHECK(eventually([&] { return !pool_->leaves_some(); }));
  pool_.reset();
}

std::filesystem::path RunningSite::own_pages() const {
  const std::filesystem::path pages = folder() / "static";
  const std::filesystem::path shipped = site_folder() / "static";
  std::filesystem::copy(shipped, pages, std::filesystem::copy_options::recursive);
  edit("nginx.conf", shipped.string(), pages.string());
  edit("actiond.toml", shipped.string(), pages.string());
  return pages;
}

void RunningSite::edit(const char* file, std::string_view what, std::string_view with) const {
  std::string text = read_file(folder() / file);
  const std::size_t at = text.find(what);
  if (at == text.npos) throw std::runtime_error(fmt::format("{} does not hold {}", file, what));
  write_file(folder() / file, text.replace(at, what.size(), with));
}

void RunningSite::add_https() const {
  const std::string key = folder() / "tls.key";
  const std::string certificate = folder() / "tls.crt";
  run_well({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", certificate});
  edit(
      "nginx.conf", "\n    server {",
      fmt::format("\n    server {{\n        listen 127.0.0.1:{} ssl;\n        ssl_certificate {};\n"
                  "        ssl_certificate_key {};\n        root {}/static;\n"
                  "        set $actiond_published {}/site;\n"
                  "        include site.conf;\n    }}\n\n    server {{",
                  https_port_, certificate, key, site_folder().string(), folder().string()));
  edit("actiond.toml", "origins = [",
       fmt::format("origins = [\"https://localhost:{}\", ", https_port_));
}

Outcome RunningSite::actiond(const std::vector<std::string>& arguments,
                             std::string_view input) const {
  std::vector<std::string> command{actiond_program(), "--config", settings()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, input);
}

std::vector<std::string> RunningSite::query(const std::string& sql) const {
  if (!postgres_.empty()) {
    const Outcome outcome = run({psql, postgres_, "-At0", "-c", sql});
    if (outcome.exit_code != 0) throw std::runtime_error(sql + ": " + outcome.output);
    std::vector<std::string> rows;
    std::istringstream lines(outcome.output);
    for (std::string row; std::getline(lines, row, '\0');) rows.push_back(row);
    return rows;
  }
  sqlite3* db = nullptr;
  std::vector<std::string> column;
  const auto collect = [](void* into, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(into)->emplace_back(values[0] ? values[0] : "");
    return 0;
  };
  int code = sqlite3_open_v2(database().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
  if (code == SQLITE_OK) sqlite3_busy_timeout(db, 5000);
  if (code == SQLITE_OK) code = sqlite3_exec(db, sql.c_str(), collect, &column, nullptr);
  const std::string message = sqlite3_errmsg(db);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error(sql + ": " + message);
  return column;
}

RowCounts RunningSite::row_counts() const {
  const auto count = [&](const char* table) {
    return std::stoll(query(std::string("SELECT count(*) FROM ") + table).front());
  };
  return {count("users"), count("sessions"), count("comments"), count("reviews")};
}

void RunningSite::print_logs(std::ostream& out) {
  for (const RunningSite* site : running_sites())
    for (const char* log : {"actiond.log", "nginx.log"})
      out << "--- " << log << '\n' << tail(read_file(site->folder() / "log" / log));
}

}  // namespace actiond::http
