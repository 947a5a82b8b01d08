#include "program/settings.h"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <sstream>

#include "program/site_check.h"
#include "support.h"

namespace actiond {
namespace {

const std::string good = R"([site]
origins = ["http://localhost:8080"]
static = "../static"
session_days = 30
session_idle_days = 14

[store]
database = "var/site.db"
keys = "/etc/actiond/keys"
uploads = "var/uploads"
backups = "var/backups"

[pool]
socket = "actiond.sock"
socket_group = ""
workers = 2
threads = 16
status_socket = "status.sock"
max_requests = 0
request_timeout = 20

[log]
file = ""
format = "logfmt"
slow_ms = 1000
)";

// `good` with its line that starts with `start` replaced; "" takes it away.
std::string with(const std::string& start, const std::string& line) {
  const std::size_t at = good.find("\n" + start) + 1;
  std::string text = good;
  text.replace(at, good.find('\n', at) + 1 - at, line.empty() ? "" : line + "\n");
  return text;
}

struct File {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder / "actiond.toml";

  Settings load(const std::string& text) const {
    test::write_file(path, text);
    return load_settings(path);
  }
  // The complaint about `text`, with FILE for the file's name; "" when it is accepted.
  std::string refusal(const std::string& text) const {
    try {
      load(text);
      return "";
    } catch (const WrongSetting& wrong) {
      std::string what = wrong.what();
      if (const auto at = what.find(path.string()); at != std::string::npos)
        what.replace(at, path.string().size(), "FILE");
      return what;
    }
  }
};

TEST_CASE("the settings that are shipped load") {
  const Settings settings = load_settings(test::project_folder() / "conf" / "actiond.toml");
  CHECK(settings.origins == std::vector<std::string>{"http://localhost:8080"});
  CHECK(settings.static_root == test::project_folder() / "static");
  CHECK(settings.published == test::project_folder() / "var/site");
  CHECK(settings.messages == test::project_folder() / "conf/messages");
  CHECK(settings.session_days == 30);
  CHECK(settings.session_idle_days == 14);
}

TEST_CASE("relative paths start at the folder of the file, absolute ones are kept") {
  const File file;
  const Settings settings = file.load(good);
  CHECK(settings.database == file.folder / "var/site.db");
  CHECK(settings.static_root == (file.folder / "..").lexically_normal() / "static");
  CHECK(settings.published == file.folder / "var/site");
  CHECK(settings.key_ring == "/etc/actiond/keys");
  CHECK(settings.pool.socket == file.folder / "actiond.sock");
  CHECK(settings.pool.workers == 2);
  CHECK(settings.pool.threads == 16);
  CHECK(settings.pool.status_socket == file.folder / "status.sock");
  CHECK(settings.pool.max_requests == 0);
  CHECK(settings.pool.request_timeout == std::chrono::seconds(20));
}

TEST_CASE("the log is standard error in logfmt, or a file, or JSON") {
  const File file;
  CHECK(file.load(good).log.file.empty());
  CHECK(file.load(good).log.format == LogFormat::Logfmt);
  CHECK(file.load(good).log.slow == std::chrono::seconds(1));
  CHECK(file.load(with("file", "file = \"log/x\"")).log.file == file.folder / "log/x");
  CHECK(file.load(with("format", "format = \"json\"")).log.format == LogFormat::Json);
}

struct Row {
  std::string text;
  std::string what;
};

const std::string plan =
    "[[stripe.plan]]\nname = \"team\"\nprices = [\"price_1\"]\nlink = "
    "\"https://buy.stripe.com/x\"\n";

// A plan that has no link, sold by `price`.
std::string without_link(const std::string& price, const std::string& key) {
  return "[stripe]\nsecrets = \"s\"\n" + key + "[[stripe.plan]]\nname = \"team\"\nprices = [\"" +
         price + "\"]\n";
}
const std::string no_link = "FILE:28: stripe.plan has a name, prices and a link",
                  no_link_with_key = "FILE:29: stripe.plan has a name, prices and a link";
const std::string api_refusal = "FILE:27: stripe.api is an https or local origin";

// Every setting as text.
std::string shown(const Settings& all) {
  return fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} "
      "{} {} "
      "{} {} {} {} {} {} {} {} {}",
      fmt::join(all.origins, ","), all.static_root.string(), all.published.string(),
      all.messages.string(), fmt::join(all.linked_hosts, ","), all.session_days,
      all.session_idle_days, all.inbox_file_mib, all.database.string(), all.key_ring.string(),
      all.uploads.string(), all.backups.string(), all.pool.socket.string(), all.pool.socket_group,
      all.pool.workers, all.pool.threads, all.pool.status_socket.string(), all.pool.max_requests,
      all.pool.request_timeout.count(), all.log.file.string(), all.log.format == LogFormat::Json,
      all.log.slow.count(), all.courier.from.header(), all.courier.notify.front().text(),
      all.courier.relay.has_value(), all.courier.relay_user, all.courier.relay_password.string(),
      all.courier.texts.string(), all.courier.files.string(), all.stripe.secrets.string(),
      all.stripe.restricted_key.string(), all.stripe.api, all.stripe.payments.asks,
      all.stripe.payments.is_live, static_cast<int>(all.stripe.payments.past_due),
      static_cast<int>(all.stripe.payments.paid_by), all.stripe.payments.past_due_days.count(),
      all.stripe.payments.grace_days.count(), all.stripe.payments.refund_ends,
      all.stripe.payments.portal, all.stripe.payments.plans.size(), all.site.signs_in_by_mail);
}

TEST_CASE(
    "a setting that is out of range or of another type is reported with file, line and name") {
  const File file;
  for (const Row& row :
       {Row{with("session_days", "session_days = 0"),
            "FILE:4: site.session_days is a whole number from 1 to 400"},
        Row{with("session_days", "session_days = 401"),
            "FILE:4: site.session_days is a whole number from 1 to 400"},
        Row{with("session_days", "session_days = \"30\""),
            "FILE:4: site.session_days is a whole number from 1 to 400"},
        Row{with("session_days", "session_days = 30.0"),
            "FILE:4: site.session_days is a whole number from 1 to 400"},
        Row{with("session_idle_days", "session_idle_days = 0"),
            "FILE:5: site.session_idle_days is a whole number from 1 to 400"},
        Row{with("session_days", "sign_in_by_mail = \"yes\""),
            "FILE:4: site.sign_in_by_mail is true or false"},
        Row{with("workers", "workers = 65"),
            "FILE:16: pool.workers is a whole number from 1 to 64"},
        Row{with("workers", "workers = -1"),
            "FILE:16: pool.workers is a whole number from 1 to 64"},
        Row{with("threads", "threads = 257"),
            "FILE:17: pool.threads is a whole number from 1 to 256"},
        Row{with("threads", "threads = 99999999999"),
            "FILE:17: pool.threads is a whole number from 1 to 256"},
        Row{with("static", "static = \"/\""),
            "FILE:3: site.published and site.static are folders apart from each other"},
        Row{with("session_days", "published = \"../static/x/..\""),
            "FILE:4: site.published and site.static are folders apart from each other"},
        Row{with("session_days", "published = \"../static/site\""),
            "FILE:4: site.published and site.static are folders apart from each other"},
        Row{with("session_days", "published = \"/\""),
            "FILE:4: site.published and site.static are folders apart from each other"},
        Row{with("static", "static = 1"), "FILE:3: site.static is a text in quotes"},
        Row{with("database", "database = \"\""), "FILE:8: store.database is empty"},
        Row{with("socket_group", "socket_group = 5"),
            "FILE:15: pool.socket_group is a text in quotes"},
        Row{with("status_socket", "status_socket = \"\""), "FILE:18: pool.status_socket is empty"},
        Row{with("max_requests", "max_requests = -1"),
            "FILE:19: pool.max_requests is a whole number from 0 to 1000000000"},
        Row{with("request_timeout", "request_timeout = 0"),
            "FILE:20: pool.request_timeout is a whole number from 1 to 25"},
        Row{with("request_timeout", "request_timeout = 26"),
            "FILE:20: pool.request_timeout is a whole number from 1 to 25"},
        Row{with("file", "file = false"), "FILE:23: log.file is a text in quotes"},
        Row{with("format", "format = \"xml\""), "FILE:24: log.format is \"logfmt\" or \"json\""},
        Row{with("slow_ms", "slow_ms = 0"),
            "FILE:25: log.slow_ms is a whole number from 1 to 60000"},
        Row{with("slow_ms", "slow_ms = 60001"),
            "FILE:25: log.slow_ms is a whole number from 1 to 60000"},
        Row{good + "[courier]\nfrom = \"nobody\"\n",
            "FILE:27: courier.from is an address, such as \"Example <hello@example.com>\""},
        Row{good + "[courier]\nfrom = \"A\\r\\nBcc: eve@evil.example <hello@example.com>\"\n",
            "FILE:27: courier.from is an address, such as \"Example <hello@example.com>\""},
        Row{good + "[courier]\nnotify = \"Me <me@example.com>\"\n",
            "FILE:27: courier.notify is an address, such as \"me@example.com\""},
        Row{good + "[courier]\nnotify = [\"me\"]\n",
            "FILE:27: courier.notify holds something that is no address, such as "
            "\"me@example.com\""},
        Row{good + "[courier]\nrelay = \"http://mail.example.com\"\n",
            "FILE:27: courier.relay is empty, or such as \"smtp://mail.example.com:587\""},
        Row{good + "[stripe]\nmode = \"prod\"\n", "FILE:27: stripe.mode is \"live\" or \"test\""},
        Row{good + "[stripe]\npast_due = \"no\"\n",
            "FILE:27: stripe.past_due is \"grace\", \"keep\" or \"end\""},
        Row{good + "[stripe]\npaid_by = \"card\"\n",
            "FILE:27: stripe.paid_by is \"subscription\" or \"invoice\""},
        Row{good + "[stripe]\nportal = \"http://x.example\"\n",
            "FILE:27: stripe.portal is an address, \"https://…\""},
        Row{good + "[stripe]\nportal = \"https://x@evil.example\"\n",
            "FILE:27: stripe.portal is an address, \"https://…\""},
        Row{good + "[stripe]\nplan = 1\n",
            "FILE:27: stripe.plan is a list of tables, [[stripe.plan]]"},
        Row{good + "[[stripe.plan]]\nname = \"team\"\n",
            "FILE:26: stripe.plan has a name, prices and a link"},
        Row{good + "[[stripe.plan]]\nname = \"Team\"\n",
            "FILE:27: stripe.plan.name is a name of [a-z0-9-]+"},
        Row{good + "[[stripe.plan]]\nprices = []\n",
            "FILE:27: stripe.plan.prices is a list of ids, such as \"price_1\""},
        Row{with("socket", "socket = \"" + std::string(200, 'x') + "\""),
            "FILE:14: pool.socket is longer than 107 bytes"},
        Row{good + "[[stripe.plan]]\nlink = \"https://buy.stripe.com/x#top\"\n",
            "FILE:27: stripe.plan.link is an address, \"https://…\""},
        Row{good + "[[stripe.plan]]\nlink = \"/pay\"\n",
            "FILE:27: stripe.plan.link is an address, \"https://…\""},
        Row{good + "[[stripe.plan]]\ndays = -1\n",
            "FILE:27: stripe.plan.days is a whole number from 0 to 36500"},
        Row{good + "[[stripe.plan]]\ncolour = 1\n", "FILE:27: unknown setting stripe.plan.colour"},
        Row{good + plan, "FILE:26: stripe.plan needs stripe.secrets"},
        Row{good + "[stripe]\nrestricted_key = \"k\"\n",
            "FILE:27: stripe.restricted_key needs stripe.secrets"},
        Row{good + "[stripe]\napi = \"http://api.stripe.com\"\n", api_refusal},
        Row{good + "[stripe]\napi = \"http://127.0.0.1.evil.example\"\n", api_refusal},
        Row{good + "[stripe]\napi = \"https://api.stripe.com/v1\"\n", api_refusal},
        Row{good + "[stripe]\napi = \"\"\n", api_refusal},
        Row{good + "[stripe]\nsecrets = \"s\"\n" + plan + plan,
            "FILE:32: stripe.plan \"team\" is there twice"},
        Row{good + "[stripe]\nsecrets = \"s\"\n" + plan +
                "[[stripe.plan]]\nname = \"more\"\nprices = [\"price_2\", \"price_1\"]\nlink = "
                "\"https://buy.stripe.com/y\"\n",
            "FILE:32: the price \"price_1\" is of \"team\" and of \"more\""},
        Row{good + without_link("price_1", ""), no_link},
        Row{good + without_link("plink_1", "restricted_key = \"k\"\n"), no_link_with_key},
        Row{with("origins", "origins = \"http://localhost\""),
            "FILE:2: site.origins is a list of origins"},
        Row{with("origins", "origins = []"), "FILE:2: site.origins is a list of origins"},
        Row{with("session_days", "linked_hosts = \"maps.example\""),
            "FILE:4: site.linked_hosts is a list of hosts"}}) {
    CAPTURE(row.what);
    CHECK(file.refusal(row.text) == row.what);
  }
}

TEST_CASE("mails are from an address, and their texts and files lie where the settings say") {
  const File file;
  const CourierSettings courier = file.load(good + R"([courier]
from = "Example <hello@example.com>"
notify = ["me@example.com", "you@example.com"]
relay = "smtp://mail.example.com:587"
relay_user = "site"
relay_password = "password"
texts = "texts"
files = "files"
)")
                                      .courier;
  CHECK(courier.from.header() == "\"Example\" <hello@example.com>");
  REQUIRE(courier.notify.size() == 2);
  CHECK(courier.notify[1].text() == "you@example.com");
  CHECK(file.load(good).courier.notify.front().text() == "owner@localhost");
  CHECK(courier.relay->url() == "smtp://mail.example.com:587");
  CHECK(courier.relay_user == "site");
  CHECK(courier.relay_password == file.folder / "password");
  CHECK_FALSE(file.load(good).courier.relay);
  CHECK(courier.texts == file.folder / "texts");
  CHECK(courier.files == file.folder / "files");
}

TEST_CASE("with a key to ask Stripe by, a plan that has a price needs no link") {
  const File file;
  const Settings all = file.load(good + without_link("price_1", "restricted_key = \"k\"\n"));
  CHECK(all.stripe.payments.plans.at(0).link.empty());
}

TEST_CASE("a plan without a link needs the page on which its visitor waits") {
  const File file;
  Settings all = file.load(good + without_link("price_1", "restricted_key = \"k\"\n"));
  all.static_root = file.folder / "static";
  std::filesystem::create_directory(all.static_root);
  for (const char* page : {"plans.html", "billing.html"})
    test::write_file(all.static_root / page, "<!DOCTYPE html><title>x</title>");
  CHECK_THROWS_WITH(with_pages(all), "to-stripe.html is missing: the plan \"team\" has no link");
  test::write_file(all.static_root / "to-stripe.html", "<!DOCTYPE html><title>x</title>");
  const Payments payments = with_pages(all).site.payments;
  CHECK(payments->makes_sessions());
  CHECK(payments->origin == "http://localhost:8080");
}

TEST_CASE("the ends of a range are allowed") {
  const File file;
  CHECK(file.load(with("workers", "workers = 64")).pool.workers == 64);
  CHECK(file.load(with("session_days", "session_days = 400")).session_days == 400);
  CHECK(file.load(with("threads", "threads = 1")).pool.threads == 1);
}

TEST_CASE("what is no origin is forbidden") {
  const File file;
  for (const std::string origin :
       {"", "*", "null", "localhost", "https://", "https://example.com/", "https://Example.com",
        "HTTPS://example.com", "https://example.com/x", "https://a b", "ftp://example.com",
        "https://u@example.com", "https://example.com?x", "http://localhost:", "https://:443",
        "https://example.com:443x", "https://a:99999"}) {
    CAPTURE(origin);
    CHECK(
        file.refusal(
            with("origins", std::string("origins = [\"https://a\", \"") + origin + "\"]")) ==
        "FILE:2: site.origins holds something that is no origin, such as \"https://example.com\"");
  }
  for (const std::string origin : {"https://example.com", "http://127.0.0.1:8080",
                                   "http://[::1]:8080", "https://xn--bcher-kva.example"}) {
    CAPTURE(origin);
    CHECK(file.refusal(with("origins", std::string("origins = [\"") + origin + "\"]")) == "");
  }
}

TEST_CASE("what is no host is forbidden") {
  const File file;
  const auto linked = [](const std::string& host) {
    return with("session_days", "linked_hosts = [\"maps.example\", \"" + host + "\"]");
  };
  for (const std::string host :
       {"", "*", "*.example", "https://maps.example", "//maps.example", "maps.example/", "a b",
        "Maps.example", "ada@maps.example", "maps.example:443", "javascript:", "data:text/html,"}) {
    CAPTURE(host);
    CHECK(file.refusal(linked(host)) ==
          "FILE:4: site.linked_hosts holds something that is no host, such as "
          "\"maps.example.com\"");
  }
  CHECK(file.load(good).linked_hosts.empty());
  CHECK(file.load(linked("cdn.example:8443")).linked_hosts ==
        std::vector<std::string>{"maps.example", "cdn.example:8443"});
}

TEST_CASE("a setting that is unknown is reported with file, line and name") {
  const File file;
  for (const Row& row :
       {Row{good + "thread = 1\n", "FILE:26: unknown setting log.thread"},
        Row{good + "[logs]\nfile = \"x\"\n", "FILE:26: unknown setting logs"},
        Row{"debug = true\n" + good, "FILE:1: unknown setting debug"},
        Row{"log = 2\n" + good.substr(0, good.find("[log]")), "FILE:1: log is a section, [log]"},
        Row{good + "Format = 1\n", "FILE:26: unknown setting log.Format"},
        Row{good + "[site.extra]\nx = 1\n", "FILE:26: unknown setting site.extra"},
        Row{good + "[logs]\n", "FILE:26: unknown setting logs"},
        // Misspelt, it is missing as well.
        Row{with("threads", "thread = 4"), "FILE:17: unknown setting pool.thread"},
        Row{with("[pool]", "[pol]"), "FILE:13: unknown setting pol"}}) {
    CAPTURE(row.what);
    CHECK(file.refusal(row.text) == row.what);
  }
}

TEST_CASE("O6 a setting that is missing has the value that the shipped file shows") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "conf");
  const std::filesystem::path file = folder / "conf/actiond.toml";
  const std::string shipped = test::read_file(test::project_folder() / "conf/actiond.toml");
  const auto load = [&](const std::string& text) {
    test::write_file(file, text);
    return shown(load_settings(file));
  };
  const std::string whole = load(shipped);
  CHECK(load("") == whole);
  std::istringstream lines(shipped);
  int settings = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.find(" = ") == line.npos || line.starts_with('#')) continue;
    CAPTURE(line);
    CHECK(load(std::string(shipped).erase(shipped.find("\n" + line), line.size() + 1)) == whole);
    ++settings;
  }
  CHECK(settings == 41);
}

TEST_CASE("O6 what is missing lies beside the database and the socket that are named") {
  const File file;
  const Settings settings =
      file.load("[store]\ndatabase = \"/data/site.db\"\n[pool]\nsocket = \"/run/x/a.sock\"\n");
  CHECK(settings.key_ring == "/data/keys");
  CHECK(settings.uploads == "/data/uploads");
  CHECK(settings.backups == "/data/backups");
  CHECK(settings.pool.status_socket == "/run/x/status.sock");
}

TEST_CASE("a file that is no TOML is reported with file and line") {
  const File file;
  CHECK(file.refusal(with("workers", "workers = = 2")).starts_with("FILE:16: "));
  CHECK(file.refusal(good + "slow_ms = 2\n").starts_with("FILE:26: "));
  CHECK(file.refusal(good + "[\n").starts_with("FILE:26: "));
}

TEST_CASE(
    "a letter that is not ASCII outside of texts and comments is reported with file and line") {
  const File file;
  for (const std::string line : {"th\xC3\xA9 = 1\n", "\xD2\x96\n", "x = 1\xC3\xA9\n"}) {
    CAPTURE(line);
    CHECK(file.refusal(good + line).starts_with("FILE:26: "));
  }
  CHECK(file.load(with("static", "static = \"/caf\xC3\xA9\" # \xC3\xA9")).static_root ==
        "/caf\xC3\xA9");
}

TEST_CASE("a file that is missing is reported by name") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(load_settings(folder / "none.toml"), doctest::Contains("none.toml"),
                       WrongSetting);
}

TEST_CASE("a site is for this machine when all its origins are on the loopback interface") {
  const auto is_for_this_machine = [](std::vector<std::string> origins) {
    Settings settings = File().load(good);
    settings.origins = std::move(origins);
    return settings.is_for_this_machine();
  };
  for (const char* origin : {"http://localhost:8080", "https://localhost", "http://127.0.0.1:80",
                             "http://127.1.2.3", "http://[::1]:8080", "http://[::1]"}) {
    CAPTURE(origin);
    CHECK(is_for_this_machine({origin}));
    CHECK_FALSE(is_for_this_machine({origin, "https://example.com"}));
  }
  for (const char* origin : {"http://localhost.example.com", "http://127.example.com",
                             "http://[2001:db8::1]", "http://10.0.0.1", "http://127a.0.0.1"}) {
    CAPTURE(origin);
    CHECK_FALSE(is_for_this_machine({origin}));
  }
}

}  // namespace
}  // namespace actiond
