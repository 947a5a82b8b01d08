// The doctor's judgement of the machine's facts, and who may ask a worker for its echo.
#include <doctest/doctest.h>
#include <linux/magic.h>

#include <limits>

#include "doctor/facts.h"
#include "doctor/http.h"
#include "doctor/nginx_configuration.h"
#include "program/echo.h"
#include "program/origin.h"
#include "support.h"

namespace actiond::doctor {
namespace {

const Time now = *from_rfc3339("2027-01-31T12:00:00Z");

const SchemaState at_home{.ran = Schema({}, {}, "site")};

// A healthy machine with one fact changed, and the finding of it; "": none.
template <class Facts>
struct Row {
  std::string finds;
  void (*change)(Facts&);
};

template <class Facts>
void check_rows(const Facts& healthy, const std::vector<Row<Facts>>& rows) {
  CHECK(judge(healthy).empty());
  for (const Row<Facts>& row : rows) {
    CAPTURE(row.finds);
    Facts facts = healthy;
    row.change(facts);
    const Findings found = judge(facts);
    REQUIRE(found.size() == (row.finds.empty() ? 0 : 1));
    if (row.finds.empty()) continue;
    CHECK_MESSAGE(found[0].what.find(row.finds) != std::string::npos, found[0].what);
    CHECK_FALSE(found[0].why.empty());
    CHECK_FALSE(found[0].mend.empty());
  }
}

TEST_CASE("a clock that went back or drifts is found") {
  check_rows<ClockFacts>(
      {.now = now, .synchronised = true, .newest_row = now - std::chrono::hours(1)},
      {{"a row was made at 2027-01-31T13:00:00Z",
        [](ClockFacts& facts) { facts.newest_row = now + std::chrono::hours(1); }},
       {"", [](ClockFacts& facts) { facts.newest_row = now + std::chrono::minutes(1); }},
       {"", [](ClockFacts& facts) { facts.newest_row.reset(); }},
       {"nothing keeps the clock right", [](ClockFacts& facts) { facts.synchronised = false; }}});
}

TEST_CASE("what is wrong with the database, its files or SQLite is found") {
  check_rows<DataFacts>(
      {.path = "site.db",
       .schema = at_home,
       .journal_mode = "wal",
       .synchronous = 2,
       .log_bytes = 4 << 20,
       .mode = 0600,
       .is_in_shared_folder = false,
       .has_folder_group = true,
       .owned_by_folder_owner = true,
       .sqlite_version = 3040001,
       .sqlite_built_with = 3040001},
      {{"0004_d.sql, 0005_e.sql did not run yet",
        [](DataFacts& facts) {
          facts.schema.missing = {"0004_d.sql", "0005_e.sql"};
        }},
       {"0003_c.sql, which club 1.2 ran at noon was edited since",
        [](DataFacts& facts) { facts.schema.edited = {"0003_c.sql, which club 1.2 ran at noon"}; }},
       {"install the newer program",
        [](DataFacts& facts) { facts.schema.newer = "install the newer program"; }},
       {"journal mode is delete", [](DataFacts& facts) { facts.journal_mode = "delete"; }},
       {"synchronous is 1", [](DataFacts& facts) { facts.synchronous = 1; }},
       {"", [](DataFacts& facts) { facts.synchronous = 3; }},
       {"grown to 65 MiB", [](DataFacts& facts) { facts.log_bytes = 65 << 20; }},
       {"mode 0640", [](DataFacts& facts) { facts.mode = 0640; }},
       {"mode 0604", [](DataFacts& facts) { facts.mode = 0604; }},
       {"",
        [](DataFacts& facts) {
          facts.is_in_shared_folder = true;
          facts.mode = 0660;
        }},
       {"its folder's group cannot write it",
        [](DataFacts& facts) { facts.is_in_shared_folder = true; }},
       {"its folder's group cannot write it",
        [](DataFacts& facts) {
          facts.is_in_shared_folder = true;
          facts.mode = 0660;
          facts.has_folder_group = false;
        }},
       {"another user", [](DataFacts& facts) { facts.owned_by_folder_owner = false; }},
       {"SQLite 3.39.4", [](DataFacts& facts) { facts.sqlite_version = 3039004; }},
       {"", [](DataFacts& facts) { facts.sqlite_version = 3051003; }}});
}

TEST_CASE("what is wrong with a PostgreSQL server is found") {
  check_rows<ServerFacts>(
      {.place = "PostgreSQL, dbname=site",
       .schema = at_home,
       .version = 150018,
       .is_synced = true,
       .has_full_pages = true,
       .commits_at_once = true,
       .most_connections = 100,
       .wanted_connections = 16,
       .is_superuser = false,
       .clock_ahead = std::chrono::milliseconds(20)},
      {{"0004_d.sql did not run yet",
        [](ServerFacts& facts) { facts.schema.missing = {"0004_d.sql"}; }},
       {"install the newer program",
        [](ServerFacts& facts) { facts.schema.newer = "install the newer program"; }},
       {"its version is 14", [](ServerFacts& facts) { facts.version = 140011; }},
       {"", [](ServerFacts& facts) { facts.version = 170002; }},
       {"fsync is off", [](ServerFacts& facts) { facts.is_synced = false; }},
       {"full_page_writes is off", [](ServerFacts& facts) { facts.has_full_pages = false; }},
       {"synchronous_commit is off", [](ServerFacts& facts) { facts.commits_at_once = false; }},
       {"max_connections is 20", [](ServerFacts& facts) { facts.most_connections = 20; }},
       {"is a superuser", [](ServerFacts& facts) { facts.is_superuser = true; }},
       {"1500 ms ahead",
        [](ServerFacts& facts) { facts.clock_ahead = std::chrono::milliseconds(1500); }},
       {"-1500 ms ahead",
        [](ServerFacts& facts) { facts.clock_ahead = std::chrono::milliseconds(-1500); }}});
}

TEST_CASE("in what hosts differ is found of each, with how to mend it") {
  const Host web{"web1", "/run/club.sock", "club 1.2", 7, 29, 3, {"k2", "k1"}, {}, {}};
  check_rows<HostFacts>(
      {.hosts = {web, web}, .program = "club 1.2"},
      {{"web1, /run/club.sock: runs club 1.1, not club 1.2",
        [](HostFacts& facts) { facts.hosts[1].program = "club 1.1"; }},
       {"lacks the key k2", [](HostFacts& facts) { facts.hosts[1].keys = {"k1"}; }},
       {"3 seconds ahead",
        [](HostFacts& facts) { facts.hosts[0].clock_ahead = std::chrono::seconds(3); }},
       {"not seen for 2 minutes",
        [](HostFacts& facts) { facts.hosts[0].unseen = std::chrono::seconds(125); }},
       {"", [](HostFacts& facts) { facts.hosts.clear(); }}});
}

TEST_CASE("a disk that is remote, fleeting, full or cannot be written is found") {
  check_rows<DiskFacts>(
      {.path = "/var/lib/actiond",
       .holds = "the database",
       .file_system = EXT4_SUPER_MAGIC,
       .free_bytes = std::uintmax_t{10} << 30,
       .needed_bytes = std::uintmax_t{300} << 20,
       .free_files = 1'000'000,
       .read_only = false},
      {{"is on NFS", [](DiskFacts& facts) { facts.file_system = NFS_SUPER_MAGIC; }},
       {"is on CIFS", [](DiskFacts& facts) { facts.file_system = CIFS_SUPER_MAGIC; }},
       {"is on SMB2", [](DiskFacts& facts) { facts.file_system = SMB2_SUPER_MAGIC; }},
       {"is on Ceph", [](DiskFacts& facts) { facts.file_system = CEPH_SUPER_MAGIC; }},
       {"is on 9p", [](DiskFacts& facts) { facts.file_system = V9FS_MAGIC; }},
       {"is on FUSE", [](DiskFacts& facts) { facts.file_system = FUSE_SUPER_MAGIC; }},
       {"is in memory", [](DiskFacts& facts) { facts.file_system = TMPFS_MAGIC; }},
       {"", [](DiskFacts& facts) { facts.file_system = XFS_SUPER_MAGIC; }},
       {"", [](DiskFacts& facts) { facts.file_system = OVERLAYFS_SUPER_MAGIC; }},
       {"10 MiB are free, 300 MiB", [](DiskFacts& facts) { facts.free_bytes = 10 << 20; }},
       {"only 7 more files", [](DiskFacts& facts) { facts.free_files = 7; }},
       {"cannot be written", [](DiskFacts& facts) { facts.read_only = true; }}});
}

TEST_CASE("a backup that is missing or old is found") {
  check_rows<BackupFacts>(
      {.folder = "backups", .newest = now - std::chrono::hours(25), .now = now},
      {{"no backup in backups", [](BackupFacts& facts) { facts.newest.reset(); }},
       {"from 2027-01-29T12:00:00Z",
        [](BackupFacts& facts) { facts.newest = now - std::chrono::hours(48); }},
       // O15
       {"2 backups in backups have names from the future",
        [](BackupFacts& facts) { facts.from_future = 2; }}});
}

TEST_CASE("mails that do not leave are found") {
  check_rows<MailFacts>(
      {.mails = {.waiting = 1, .oldest = now - std::chrono::minutes(10)}, .now = now},
      {{"1 mail is unsent, the oldest since",
        [](MailFacts& facts) { facts.mails.oldest = now - std::chrono::minutes(11); }},
       {"2 mails came back with a backup", [](MailFacts& facts) { facts.mails.parked = 2; }},
       {"1 mail could not be sent", [](MailFacts& facts) { facts.mails.dead = 1; }}});
}

TEST_CASE("the doctor finds the host of a payment to which nginx lets no form lead") {
  struct Row {
    std::string form_action;
    bool covers;
  };
  for (const Row& row : {
           Row{"form-action 'self' https://pay.example", true},
           Row{"form-action 'self' https://a.example https://pay.example", true},
           Row{"form-action pay.example", true},
           Row{"form-action https://*.example", true},
           Row{"form-action https:", true},
           Row{"form-action *", true},
           Row{"script-src 'self'", true},
           Row{"", true},
           Row{"form-action 'self'", false},
           Row{"form-action 'none'", false},
           Row{"form-action http://pay.example", false},
           Row{"form-action https://pay.example.org https://y.pay.example", false},
           Row{"form-action https://*.pay.example", false},
           Row{"form-action 'self'; connect-src https://pay.example", false},
       }) {
    CAPTURE(row.form_action);
    CHECK(unlisted_hosts("default-src 'none'; " + row.form_action, {"pay.example"}).empty() ==
          row.covers);
  }
  CHECK(unlisted_hosts("form-action https://a.example", {"a.example", "b.example"}) ==
        std::vector<std::string>{"b.example"});
}

TEST_CASE("what is not fetched from Stripe, and a night without a comparison, are found") {
  check_rows<StripeFacts>(
      {.fetches = {.waiting = 2, .oldest = now - std::chrono::minutes(10)},
       .night = Night{now - std::chrono::hours(26), "3 subscriptions looked at"},
       .now = now},
      {{"2 objects to fetch from Stripe, the oldest since",
        [](StripeFacts& facts) { facts.fetches.oldest = now - std::chrono::minutes(11); }},
       {"1 session of checkout or portal never made: 403",
        [](StripeFacts& facts) {
          facts.sessions = {1, "403"};
        }},
       {"2 sessions of checkout or portal never made",
        [](StripeFacts& facts) { facts.sessions.lost = 2; }},
       {"no subscription was compared", [](StripeFacts& facts) { facts.night.reset(); }},
       {"no subscription was compared",
        [](StripeFacts& facts) { facts.night->night -= std::chrono::seconds(1); }},
       {"broken off (403)",
        [](StripeFacts& facts) { facts.night->report = "broken off (403): 0 looked at"; }}});
}

TEST_CASE("limits that are too low for the pool are found") {
  constexpr auto unlimited = std::numeric_limits<std::uintmax_t>::max();
  check_rows<LimitFacts>(
      {.workers = 2,
       .threads = 16,
       .open_files = 1024,
       .tasks = unlimited,
       .memory_bytes = unlimited,
       .killed_as_a_group = false,
       .backlog = 4096,
       .unfiltered_workers = 0},
      {{"may open 64 files", [](LimitFacts& facts) { facts.open_files = 64; }},
       {"may open 1024 files", [](LimitFacts& facts) { facts.threads = 256; }},
       {"may have 20 tasks", [](LimitFacts& facts) { facts.tasks = 20; }},
       {"may use 64 MiB", [](LimitFacts& facts) { facts.memory_bytes = 64 << 20; }},
       {"killed for memory", [](LimitFacts& facts) { facts.killed_as_a_group = true; }},
       {"somaxconn is 128", [](LimitFacts& facts) { facts.backlog = 128; }},
       {"1 of 2 workers may make every system call",
        [](LimitFacts& facts) { facts.unfiltered_workers = 1; }}});
}

TEST_CASE("S38 an nginx that one visitor fills is found") {
  check_rows<NginxFacts>({.file = "nginx.conf", .connections = 16384, .open_files = 32768},
                         {{"nginx takes 768 connections in a process",
                           [](NginxFacts& facts) { facts.connections = 768; }},
                          {"", [](NginxFacts& facts) { facts.connections = 4096; }},
                          {"", [](NginxFacts& facts) { facts.open_files = 16384; }},
                          {"may open 1024 files, and takes 16384 connections",
                           [](NginxFacts& facts) { facts.open_files = 1024; }}});
  const Findings both = judge(NginxFacts{"nginx.conf", 768, 500});
  REQUIRE(both.size() == 2);
  CHECK(both[1].mend.starts_with("`worker_rlimit_nofile 32768;` at the top of nginx.conf"));
}

TEST_CASE("nginx's configuration is read as nginx reads it") {
  const test::TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    test::write_file(folder / "nginx.conf", text);
    return read_nginx_configuration(folder / "nginx.conf");
  };
  test::write_file(folder / "events.con", "worker_connections 7;");
  test::write_file(folder / "pool.con", "upstream a { server unix:/b max_conns=2; }");
  struct ReadRow {
    const char* text;
    std::uintmax_t connections;
    std::vector<std::filesystem::path> sockets;
  };
  for (const ReadRow& row : std::vector<ReadRow>{
           {"", 512, {}},
           {"events { worker_connections 768; }", 768, {}},
           {"events{worker_connections\n\t768;}", 768, {}},
           {"events { # worker_connections 768;\n}", 512, {}},
           {"events { worker_connections \"76\\8\"; }", 768, {}},
           {"set $a ' worker_connections 768; '; set $b \"\\\"; worker_connections 9;\";", 512, {}},
           {"set $a ${b}#c; worker_connections 768;", 768, {}},
           {"location ~ \\.a\\{2} { fastcgi_pass 'unix:/a b'; }", 512, {"/a b"}},
           {"include *.con; include missing.conf;", 7, {"/b"}},
           {"include nginx.conf; worker_connections 8;", 8, {}}}) {
    CAPTURE(row.text);
    const NginxConfiguration told = read(row.text);
    CHECK(told.connections == row.connections);
    CHECK(told.sockets == row.sockets);
  }
  CHECK(read_nginx_configuration(folder / "none").connections == 512);
  CHECK(nginx_file_in("nginx: master process nginx -c /a/b.conf -g daemon off;") == "/a/b.conf");
  CHECK(nginx_file_in("nginx: master process /usr/sbin/nginx -g daemon on;") ==
        "/etc/nginx/nginx.conf");
}

std::optional<Response> ask(const std::string& token, const KeyRing& keys, Time at) {
  Request request = test::make_request("POST", "/actions/doctor", {{"x-actiond-doctor", token}});
  return echo(request, keys, {"https://example.com"}, at);
}

TEST_CASE("a worker tells what came to the holder of a key, for a minute, and to nobody else") {
  const KeyRing keys({KeyRing::new_key(), KeyRing::new_key()});
  const KeyRing others({KeyRing::new_key()});
  const std::string token = echo_token(keys, now);
  REQUIRE(ask(token, keys, now));
  CHECK(ask(token, keys, now)->body.find("https://example.com") != std::string::npos);
  CHECK(ask(token, keys, now + std::chrono::seconds(60)));
  CHECK_FALSE(ask(token, keys, now + std::chrono::seconds(61)));
  CHECK_FALSE(ask(token, keys, now - std::chrono::seconds(61)));
  CHECK_FALSE(ask(token, others, now));
  for (const std::string wrong : {"", ".", "..", "a.b.c"}) CHECK_FALSE(ask(wrong, keys, now));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string flipped = token;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK_FALSE(ask(flipped, keys, now));
    CHECK_FALSE(ask(token.substr(0, at), keys, now));
  }
  Request plain = test::make_request("POST", "/actions/doctor");
  CHECK_FALSE(echo(plain, keys, {}, now));
}

TEST_CASE("what a worker tells is what came, without the question itself") {
  const KeyRing keys({KeyRing::new_key()});
  const std::string token = echo_token(keys, now);
  Request request = test::make_request("POST", "/actions/doctor",
                                       {{"x-actiond-doctor", token}, {"proxy", "http://x"}}, "abc");
  const auto told = echo(request, keys, {}, now);
  REQUIRE(told);
  CHECK(told->body.find("[[\"proxy\",\"http://x\"]]") != std::string::npos);
  CHECK(told->body.find("\"body\":3") != std::string::npos);
  CHECK(told->body.find(token) == std::string::npos);
  CHECK(test::header(*told, "Cache-Control") == "no-store");
}

TEST_CASE("an origin is taken apart as a browser would") {
  struct OriginRow {
    const char *text, *host, *port, *authority;
    bool https, local;
  };
  for (const OriginRow& row :
       {OriginRow{"https://example.com", "example.com", "443", "example.com", true, false},
        OriginRow{"http://localhost:8080", "localhost", "8080", "localhost:8080", false, true},
        OriginRow{"http://127.0.0.1", "127.0.0.1", "80", "127.0.0.1", false, true},
        OriginRow{"http://[::1]:81", "::1", "81", "[::1]:81", false, true},
        OriginRow{"https://[::1]", "::1", "443", "[::1]", true, true},
        OriginRow{"http://127.evil.example", "127.evil.example", "80", "127.evil.example", false,
                  false},
        OriginRow{"http://localhost.example", "localhost.example", "80", "localhost.example", false,
                  false}}) {
    CAPTURE(row.text);
    const Origin origin(row.text);
    CHECK(origin.host == row.host);
    CHECK(origin.port == row.port);
    CHECK(origin.authority == row.authority);
    CHECK(origin.https == row.https);
    CHECK(is_loopback_origin(row.text) == row.local);
  }
}

}  // namespace
}  // namespace actiond::doctor
