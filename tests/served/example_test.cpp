// conf/nginx/example.conf, installed as its comment says beside Debian's default site, and asked;
// and edge.conf, before a host that answers and another one that breaks off.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  std::size_t at = text.find(what);
  REQUIRE_MESSAGE(at != text.npos, what);
  for (; at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The parts that a server includes, in the folder `actiond` of `etc`.
void install_parts(const RunningSite& site, const fs::path& etc) {
  fs::create_directories(etc / "actiond");
  for (const char* name : {"http", "site", "status", "fastcgi", "headers", "cached", "gate",
                           "gated", "signed-in", "paid", "behind-edge"})
    fs::copy_file(project_folder() / "conf/nginx" / (std::string(name) + ".conf"),
                  etc / "actiond" / (std::string(name) + ".conf"));
  std::string http = read_file(etc / "actiond/http.conf");
  replace_all(http, "/var/cache/actiond", site.folder() / "tmp" / etc.filename());
  write_file(etc / "actiond/http.conf", http);
  write_file(etc / "actiond/limits.conf", site.actiond({"actions", "--nginx"}).output);
}

// `inside` in a file of nginx's own.
std::string nginx_conf(const RunningSite& site, const fs::path& etc, const std::string& inside) {
  std::string text = std::string(geteuid() == 0 ? "user root;\n" : "") +
                     "worker_rlimit_nofile 32768;\npid " + (etc / "pid").string() +
                     ";\nevents { worker_connections 16384; }\nhttp {\n"
                     // The one that Debian compiled in is root's.
                     "access_log off;\n"
                     "include /etc/nginx/mime.types; default_type application/octet-stream;\n";
  for (const char* name : {"client_body", "fastcgi", "proxy", "scgi", "uwsgi"})
    text += std::string(name) + "_temp_path " + (site.folder() / "tmp" / name).string() + ";\n";
  return text + inside + "\n}\n";
}

// The `etc/nginx` of a machine, with the paths and ports of this test in the example's.
class Machine {
 public:
  Machine() {
    fs::create_directories(etc() / "conf.d");
    fs::create_directories(site_.folder() / "www/.well-known/acme-challenge");
    fs::create_directories(site_.folder() / "www/.git");
    fs::copy(site_folder() / "static", site_.folder() / "www", fs::copy_options::recursive);
    write_file(site_.folder() / "www/.well-known/acme-challenge/token", "proof");
    write_file(site_.folder() / "www/.git/config", "secret");
    const Outcome certificate =
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-subj", "/CN=example.com", "-days", "2", "-keyout", etc() / "privkey.pem",
             "-out", etc() / "fullchain.pem"});
    REQUIRE_MESSAGE(certificate.exit_code == 0, certificate.output);
    install();
    write_file(etc() / "nginx.conf", nginx_conf(site_, etc(), "include conf.d/*.conf;"));
    // Debian's own site, which answers for names that nobody has.
    write_file(etc() / "conf.d/default.conf",
               "server { listen 127.0.0.1:" + std::to_string(other_port_) +
                   " default_server; server_name _; return 204; }\n");
  }

  fs::path etc() const { return site_.folder() / "etc/nginx"; }
  const RunningSite& site() const { return site_; }
  Outcome check() const { return run({"nginx", "-t", "-e", log(), "-c", etc() / "nginx.conf"}); }
  void start() {
    nginx_ = std::make_unique<Process>(
        std::vector<std::string>{"nginx", "-e", log(), "-c", etc() / "nginx.conf", "-g",
                                 "daemon off;"},
        log());
    REQUIRE_MESSAGE(eventually([&] { return ask("http://example.com/").starts_with("301 "); }),
                    read_file(log()));
  }
  // "STATUS BODY" of what curl gets, with example.com, and every other name, led to this nginx.
  std::string ask(const std::string& url, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command{
        "curl",         "-sk",
        "--max-time",   "20",
        "-w",           "\n%{http_code}",
        "--connect-to", "::127.0.0.1:" + std::to_string(url.starts_with("https") ? tls_ : port_)};
    command.insert(command.end(), more.begin(), more.end());
    command.push_back(url);
    const std::string output = run(command).output;
    const std::size_t end = output.rfind('\n');
    return output.substr(end + 1) + " " + output.substr(0, end);
  }
  int port() const { return port_; }
  // Whether a client that offers what `options` of openssl-s_client(1) say gets a connection.
  bool takes_tls(const std::vector<std::string>& options) const {
    std::vector<std::string> command{"openssl", "s_client", "-connect",
                                     "127.0.0.1:" + std::to_string(tls_)};
    command.insert(command.end(), options.begin(), options.end());
    return run(command).exit_code == 0;
  }

 private:
  fs::path log() const { return site_.folder() / "log/example.log"; }

  void install() const {
    install_parts(site_, etc());
    std::string example = read_file(project_folder() / "conf/nginx/example.conf");
    replace_all(example, "    listen [::]:80;\n", "");
    replace_all(example, "    listen [::]:443 ssl http2;\n", "");
    replace_all(example, "listen 80;", "listen 127.0.0.1:" + std::to_string(port_) + ";");
    replace_all(example, "listen 443 ", "listen 127.0.0.1:" + std::to_string(tls_) + " ");
    replace_all(example, "/etc/letsencrypt/live/example.com", etc());
    replace_all(example, "/run/actiond/actiond.sock", site_.socket());
    replace_all(example, "/run/actiond/status/status.sock", site_.status_socket());
    replace_all(example, "/var/www/example", site_.folder() / "www");
    replace_all(example, "/var/lib/actiond/uploads", site_.folder() / "uploads");
    replace_all(example, "/var/log/nginx/", site_.folder() / "log/");
    write_file(etc() / "conf.d/actiond.conf", example);
  }
  RunningSite site_{{.with_nginx = false, .prepare = [](RunningSite& prepared) {
                       prepared.edit("actiond.toml", "origins = [",
                                     "origins = [\"https://example.com\", ");
                     }}};
  const int port_ = free_port(), tls_ = free_port(), other_port_ = free_port();
  std::unique_ptr<Process> nginx_;
};

// An edge, a host behind it, and one that takes a request and breaks off.
class Edge {
 public:
  Edge() {
    make_certificates();
    install_parts(site_, hosts_);
    install_parts(site_, edge_);
    std::string behind = read_file(hosts_ / "actiond/behind-edge.conf");
    replace_all(behind, "/etc/actiond/", (tls_ / "").string());
    replace_all(behind, "10.0.0.10", "127.0.0.1");
    write_file(hosts_ / "actiond/behind-edge.conf", behind);
    const std::string listen =
        "server {\n server_name example.com;\n include actiond/behind-edge.conf;\n";
    write_file(
        hosts_ / "nginx.conf",
        nginx_conf(
            site_, hosts_,
            "include actiond/http.conf;\nupstream actiond { server unix:" +
                site_.socket().string() + "; }\nupstream actiond_status { server unix:" +
                site_.status_socket().string() + "; }\n" + listen +
                " listen 127.0.0.1:" + std::to_string(whole_) + " ssl;\n access_log " +
                log("whole").string() + " actiond;\n root " + (site_folder() / "static").string() +
                ";\n set $actiond_uploads /nowhere;\n include actiond/site.conf;\n}\n" + listen +
                " listen 127.0.0.1:" + std::to_string(broken_) + " ssl;\n access_log " +
                log("broken").string() + " actiond;\n location / { return 444; }\n}"));
    write_file(edge_ / "nginx.conf", nginx_conf(site_, edge_, "include edge.conf;"));
    lead_to(whole_, broken_);
    nginx_.push_back(start(hosts_));
    nginx_.push_back(start(edge_));
    REQUIRE(eventually([&] { return ask("http://example.com/").starts_with("301 "); }));
    REQUIRE(eventually([&] { return ask_host().starts_with("400 "); }));
  }

  // The two hosts that the edge knows, by their ports.
  void lead_to(int one, int other) {
    std::string text = read_file(project_folder() / "conf/nginx/edge.conf");
    replace_all(text, "    listen [::]:80;\n", "");
    replace_all(text, "    listen [::]:443 ssl http2;\n", "");
    replace_all(text, "listen 80;", "listen 127.0.0.1:" + std::to_string(port_) + ";");
    replace_all(text, "listen 443 ", "listen 127.0.0.1:" + std::to_string(secure_) + " ");
    replace_all(text, "/etc/letsencrypt/live/example.com/fullchain.pem", tls_ / "site.pem");
    replace_all(text, "/etc/letsencrypt/live/example.com/privkey.pem", tls_ / "site.key");
    replace_all(text, "/etc/actiond/", (tls_ / "").string());
    replace_all(text, "/var/log/nginx/", site_.folder() / "log/");
    replace_all(text, "10.0.0.11:8443", "127.0.0.1:" + std::to_string(one));
    replace_all(text, "10.0.0.12:8443", "127.0.0.1:" + std::to_string(other));
    // A host that broke off is asked again at once: each request meets the same.
    replace_all(text, "max_fails=2 fail_timeout=5s", "max_fails=0");
    write_file(edge_ / "edge.conf", text);
    if (nginx_.size() < 2) return;
    nginx_[1].reset();
    nginx_[1] = start(edge_);
    REQUIRE(eventually([&] { return ask("http://example.com/").starts_with("301 "); }));
  }
  // "STATUS BODY" of what a visitor gets who comes from 127.0.0.`number`.
  std::string ask(const std::string& url, const std::vector<std::string>& more = {},
                  int number = 1) const {
    const int to = url.starts_with("https") ? secure_ : port_;
    std::vector<std::string> command{"--interface", "127.0.0." + std::to_string(number),
                                     "--connect-to", "::127.0.0.1:" + std::to_string(to), url};
    command.insert(command.end(), more.begin(), more.end());
    return curl(command);
  }
  // The same of a host itself, past the edge.
  std::string ask_host(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command{"--connect-to", "::127.0.0.1:" + std::to_string(whole_),
                                     "https://example.com/actions/me"};
    command.insert(command.end(), more.begin(), more.end());
    return curl(command);
  }
  std::vector<std::string> certificate(const std::string& name) const {
    return {"--cert", tls_ / (name + ".pem"), "--key", tls_ / (name + ".key")};
  }
  fs::path log(const std::string& name) const { return site_.folder() / "log" / (name + ".log"); }
  const RunningSite& site() const { return site_; }
  int whole() const { return whole_; }

 private:
  static std::string curl(std::vector<std::string> command) {
    command.insert(command.begin(), {"curl", "-sk", "--max-time", "20", "-w", "\n%{http_code}"});
    const std::string output = run(command).output;
    const std::size_t end = output.rfind('\n');
    return output.substr(end + 1) + " " + output.substr(0, end);
  }
  std::unique_ptr<Process> start(const fs::path& etc) const {
    const fs::path said = log(etc.filename());
    return std::make_unique<Process>(
        std::vector<std::string>{"nginx", "-e", said, "-c", etc / "nginx.conf", "-g",
                                 "daemon off;"},
        said);
  }
  void make_certificates() const {
    fs::create_directories(tls_);
    const auto make = [&](const std::string& name, const std::string& subject,
                          const std::vector<std::string>& more) {
      std::vector<std::string> command{"openssl",
                                       "req",
                                       "-x509",
                                       "-newkey",
                                       "ec",
                                       "-pkeyopt",
                                       "ec_paramgen_curve:prime256v1",
                                       "-nodes",
                                       "-days",
                                       "2",
                                       "-subj",
                                       "/CN=" + subject,
                                       "-addext",
                                       "subjectAltName=DNS:" + subject,
                                       "-keyout",
                                       tls_ / (name + ".key"),
                                       "-out",
                                       tls_ / (name + ".pem")};
      command.insert(command.end(), more.begin(), more.end());
      const Outcome outcome = run(command);
      REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
    };
    const auto sign = [&](const std::string& name, const std::string& subject,
                          const std::string& use) {
      const fs::path request = tls_ / "request";
      const fs::path extensions = tls_ / "extensions";
      write_file(extensions, "extendedKeyUsage=" + use + "\nsubjectAltName=DNS:" + subject + "\n");
      make(name, subject, {});
      for (const std::vector<std::string>& command :
           {std::vector<std::string>{"openssl", "req", "-new", "-key", tls_ / (name + ".key"),
                                     "-subj", "/CN=" + subject, "-out", request},
            std::vector<std::string>{"openssl", "x509", "-req", "-in", request, "-CA",
                                     tls_ / "hosts.pem", "-CAkey", tls_ / "hosts.key",
                                     "-CAcreateserial", "-days", "2", "-extfile", extensions,
                                     "-out", tls_ / (name + ".pem")}}) {
        const Outcome outcome = run(command);
        REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
      }
    };
    make("hosts", "hosts", {});
    make("site", "example.com", {});
    make("stranger", "edge.example.com", {});
    sign("host", "hosts.example.com", "serverAuth");
    sign("edge", "edge.example.com", "clientAuth");
  }

  RunningSite site_{{.with_nginx = false, .prepare = [](RunningSite& prepared) {
                       prepared.edit("actiond.toml", "origins = [",
                                     "origins = [\"https://example.com\", ");
                     }}};
  const fs::path hosts_ = site_.folder() / "etc/hosts", edge_ = site_.folder() / "etc/edge",
                 tls_ = site_.folder() / "etc/tls";
  const int port_ = free_port(), secure_ = free_port(), whole_ = free_port(), broken_ = free_port();
  std::vector<std::unique_ptr<Process>> nginx_;
};

bool starts(const std::string& answer, const char* with) { return answer.starts_with(with); }

// As many descriptors as the machine allows.
void raise_open_files() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

TEST_CASE("O1 the example loads, and serves pages, actions and status over TLS") {
  Machine machine;
  const Outcome outcome = machine.check();
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
  machine.start();
  CHECK(starts(machine.ask("https://example.com/"), "200 <!DOCTYPE html>"));
  CHECK(machine.ask("https://example.com/actions/me") == "200 {\"user\":null}\n");
  CHECK(starts(machine.ask("https://example.com/actions/comments",
                           {"-d", "message=hi", "-H", "Origin: https://example.com"}),
               "200 {\"ok\":true"));
  CHECK(starts(machine.ask("https://example.com/-/status", {"-H", "Accept: application/json"}),
               "200 {"));
}

TEST_CASE(
    "the example sends pages on to https, and refuses what would be sent in the clear again") {
  Machine machine;
  machine.start();
  CHECK(starts(machine.ask("http://example.com/a?b"), "301 "));
  CHECK(starts(machine.ask("http://example.com/actions/reviews"), "301 "));
  CHECK(starts(machine.ask("http://example.com/actions/comments", {"-d", "message=hi"}), "403 "));
  CHECK(starts(machine.ask("http://example.com/actions/me", {"-H", "Authorization: Bearer actd_x"}),
               "403 "));
}

TEST_CASE("O1 a second site behind the same nginx has its own pool") {
  Machine machine;
  RunningSite second({.with_nginx = false});
  const fs::path shop = machine.etc() / "shop";
  fs::copy(machine.etc() / "actiond", shop);
  fs::remove(shop / "http.conf");
  for (const auto& entry : fs::directory_iterator(shop)) {
    std::string text = read_file(entry.path());
    if (text.find("actiond/") != text.npos) replace_all(text, "include actiond/", "include shop/");
    write_file(entry.path(), text);
  }
  write_file(machine.etc() / "conf.d/shop.conf",
             "upstream shop { server unix:" + second.socket().string() +
                 "; }\nupstream shop_status { server unix:" + second.status_socket().string() +
                 "; }\nserver {\n listen 127.0.0.1:" + std::to_string(machine.port()) +
                 ";\n server_name shop.example;\n root " + (site_folder() / "static").string() +
                 ";\n set $actiond_uploads /nowhere;\n set $actiond_pool shop;\n"
                 " set $actiond_status_pool shop_status;\n include shop/site.conf;\n}\n");
  const Outcome outcome = machine.check();
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
  machine.start();
  CHECK(starts(machine.ask("http://shop.example/actions/comments", {"-d", "message=second"}),
               "200 "));
  CHECK(starts(machine.ask("http://shop.example/actions/sign-up",
                           {"-d", "email=a@example.com&password=correct+horse+battery&name=A"}),
               "200 "));
  CHECK(second.row_counts().comments == 1);
  CHECK(second.row_counts().users == 1);
  CHECK(machine.site().row_counts() == RowCounts());
  CHECK(starts(machine.ask("http://shop.example/-/status"), "200 "));
}

TEST_CASE("O2 nothing of ours takes the place of a file of nginx's") {
  for (const auto& entry : fs::directory_iterator(project_folder() / "conf/nginx")) {
    CAPTURE(entry.path());
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find("include ");
      const bool is_directive = at != line.npos && line.find_first_not_of(' ') == at;
      if (is_directive && line.find("/etc/nginx/mime.types") == line.npos)
        CHECK_MESSAGE(line.find("include actiond/") == at, line);
      if (const std::size_t to = line.find("cp ");
          to != line.npos && line.find("/etc/") != line.npos)
        CHECK_MESSAGE((line.ends_with("/etc/nginx/actiond/") ||
                       line.ends_with("/etc/nginx/conf.d/actiond.conf")),
                      line);
    }
  }
}

TEST_CASE("O4 the folder of a certificate's challenge is served, other hidden files are not") {
  Machine machine;
  machine.start();
  for (const std::string scheme : {"http", "https"})
    CHECK(machine.ask(scheme + "://example.com/.well-known/acme-challenge/token") == "200 proof");
  for (const std::string path : {"/.git/config", "/.well-known/.git/config", "/a/.env"})
    CHECK(starts(machine.ask("https://example.com" + path), "404 "));
}

TEST_CASE("S45 hosts that nobody named are refused, and told no status") {
  Machine machine;
  machine.start();
  for (const std::string scheme : {"http", "https"})
    for (const std::string path : {"/", "/actions/me", "/-/status"})
      CHECK(starts(machine.ask(scheme + "://evil.example" + path), "421 "));
  const RunningSite plain;
  for (const std::string host : {"evil.example", "localhost.evil.example", "127.evil.example"}) {
    CHECK(Client(plain).get("/-/status", {{"Host", host}}).status == 404);
    CHECK(Client(plain).get("/-/metrics", {{"Host", host}}).status == 404);
  }
  for (const std::string host : {"localhost", "127.0.0.1:1", "[::1]"})
    CHECK(Client(plain).get("/-/status", {{"Host", host}}).status == 200);
}

TEST_CASE("the example takes TLS 1.2 and 1.3, and no older version or cipher") {
  Machine machine;
  machine.start();
  const std::string all = "ALL:@SECLEVEL=0";
  CHECK(machine.takes_tls({"-tls1_3"}));
  CHECK(machine.takes_tls({"-tls1_2", "-cipher", all}));
  CHECK(machine.takes_tls({"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"}));
  CHECK_FALSE(machine.takes_tls({"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"}));
  CHECK_FALSE(machine.takes_tls({"-tls1_1", "-cipher", all}));
  CHECK_FALSE(machine.takes_tls({"-tls1", "-cipher", all}));
}

TEST_CASE("S38 2,000 half-sent heads from one address keep nobody out") {
  raise_open_files();
  Machine machine;
  machine.start();
  std::vector<Socket> halves;
  for (int at = 0; at < 2000; ++at) {
    halves.push_back(Socket::to_port(machine.port()));
    halves.back().send("GET / HTTP/1.1\r\nHost: example.com\r\nX-Half: ");
  }
  CHECK(starts(machine.ask("https://example.com/"), "200 "));
  CHECK(starts(machine.ask("https://example.com/actions/me"), "200 "));
  // They cannot hold it for long either.
  CHECK(read_file(machine.etc() / "actiond/site.conf").find("client_header_timeout 10s;") !=
        std::string::npos);
}

TEST_CASE("an edge sends a form that a host took to no other one, and says that nobody knows") {
  Edge edge;
  const std::vector<std::string> form{"-d", "message=hi", "-H", "Origin: https://example.com"};
  int served = 0, broken = 0;
  for (int number = 1; number <= 40; ++number) {
    const std::string answer = edge.ask("https://example.com/actions/comments", form, number);
    if (starts(answer, "200 "))
      ++served;
    else if (starts(answer, "503 ") && answer.find("\"outcome\":\"unknown\"") != answer.npos)
      ++broken;
    // A request that reads goes on to the other host.
    CHECK(starts(edge.ask("https://example.com/", {}, number), "200 "));
  }
  CHECK(served + broken == 40);
  CHECK(served > 0);
  CHECK(broken > 0);
  CHECK(edge.site().row_counts().comments == served);
  const std::string taken = read_file(edge.log("broken"));
  int times = 0;
  for (std::size_t at = 0; (at = taken.find("POST", at)) != taken.npos; ++at) ++times;
  CHECK(times == broken);
  // A host that cannot be reached was sent nothing: the other one takes the form.
  edge.lead_to(edge.whole(), free_port());
  for (int number = 1; number <= 20; ++number)
    CHECK(starts(edge.ask("https://example.com/actions/comments", form, number), "200 "));
  CHECK(edge.site().row_counts().comments == served + 20);
}

TEST_CASE("an error of the edge itself takes the form asked for, and has the id that is logged") {
  Edge edge;
  edge.lead_to(free_port(), free_port());
  const std::string much(40'000, 'x'), url = "https://example.com/?";
  using Arguments = std::vector<std::string>;
  for (const auto& [target, more, status, text] :
       {std::tuple(url, Arguments{}, "503 ", std::string("Busy right now")),
        {url, {"-d", "x"}, "503 ", "Nothing was saved."},
        {url, {"-d", "x", "-H", "Content-Length: 13000000"}, "413 ", "any form"},
        {url, {"-H", "Transfer-Encoding: x"}, "400 ", "not be understood"},
        {url, {"-H", "Cookie: " + much}, "400 ", "Clear the cookies"},
        {url + much, {}, "414 ", "2 KiB"}})
    for (const std::string type : {"text/html", "application/problem+json", "text/plain"}) {
      // Behind so long a line nginx reads no Accept.
      if (target != url && !type.starts_with("application")) continue;
      Arguments arguments{"-i", "--http1.1", "-H", "Accept: " + type};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const std::string answer = edge.ask(target, arguments);
      CHECK(starts(answer, status));
      for (const std::string& part : Arguments{"Content-Type: " + type, "Cache-Control: no-store",
                                               "Vary: Accept, Cookie", text})
        CHECK_MESSAGE(answer.find(part) != answer.npos, part, answer);
      const std::string id = answer.substr(answer.find("X-Request-Id: ") + 14, 32);
      CHECK(answer.rfind(id) > answer.find("X-Request-Id: ") + 14);
      CHECK(eventually([&] { return read_file(edge.log("access")).find(id) != id.npos; }));
      CHECK((answer.find("Retry-After: 5") != answer.npos) == starts(answer, "503 "));
    }
}

TEST_CASE("a host behind an edge lets nobody else in, and the edge says who the visitor is") {
  Edge edge;
  CHECK(starts(edge.ask_host(), "400 "));
  for (const std::string other : {"host", "stranger", "site"})
    CHECK_FALSE(starts(edge.ask_host(edge.certificate(other)), "200 "));
  CHECK(starts(edge.ask_host(edge.certificate("edge")), "200 "));
  for (int number = 1; number <= 9; ++number)
    edge.ask("https://example.com/actions/me",
             {"-H", "X-Real-IP: 10.9.9.9", "-H", "X-Forwarded-For: 10.9.9.9", "-H",
              "Forwarded: for=10.9.9.9"},
             number);
  const std::string seen = read_file(edge.log("whole"));
  CHECK(seen.find("\n127.0.0.9 ") != seen.npos);
  CHECK(seen.find("10.9.9.9") == seen.npos);
  CHECK(starts(edge.ask("https://evil.example/"), "421 "));
  CHECK(starts(edge.ask("http://example.com/actions/comments", {"-d", "message=hi"}), "403 "));
}

}  // namespace actiond::http
