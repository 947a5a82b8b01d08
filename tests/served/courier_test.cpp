// The courier as a process of its own, beside a Stripe and a relay of this machine: what visitors
// see of it when it is killed, and when a relay takes its time.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <future>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file_lock.h"
#include "courier/relay_server.h"
#include "served/client.h"
#include "served/site.h"
#include "stripe/stripe_server.h"

namespace actiond::http {
namespace {

using nlohmann::json;
using test::StripeServer;
using Steady = std::chrono::steady_clock;

// Makes one session for each key, however often it is asked, and a customer with each that names
// none.
class Stripe {
 public:
  Stripe() {
    server_.say([this](const httplib::Request& request) { return make(request); });
  }

  std::string origin() const { return server_.origin(); }
  // Called before the answer of each request is sent.
  void before_answer(std::function<void()> call) {
    const std::lock_guard lock(mutex_);
    before_answer_ = std::move(call);
  }
  std::size_t sessions() {
    const std::lock_guard lock(mutex_);
    return made_.size();
  }
  std::size_t customers() {
    const std::lock_guard lock(mutex_);
    return customers_;
  }
  // When it was asked by that key.
  std::vector<Steady::time_point> times(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return made_.at(key).times;
  }
  // Of the session of that key; empty: it was not asked for it.
  std::string address(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto at = made_.find(key);
    return at == made_.end() ? "" : at->second.address;
  }

 private:
  struct Made {
    std::string form, address;
    std::vector<Steady::time_point> times;
  };

  StripeServer::Answer make(const httplib::Request& request) {
    std::function<void()> before_answer;
    StripeServer::Answer answer;
    {
      const std::lock_guard lock(mutex_);
      if (request.method == "GET") return {200, R"({"object":"list","data":[],"has_more":false})"};
      const auto [at, is_new] = made_.try_emplace(request.get_header_value("Idempotency-Key"));
      Made& made = at->second;
      made.times.push_back(Steady::now());
      if (is_new) {
        made.form = request.body;
        made.address = "https://checkout.stripe.com/c/pay/cs_test_" + std::to_string(made_.size());
        if (made.form.find("&customer=") == std::string::npos) ++customers_;
      }
      // As Stripe does when a key comes again with other words.
      if (made.form != request.body)
        answer = {400, R"({"error":{"type":"idempotency_error"}})"};
      else
        answer.body = json{{"id", "cs_test_1"},
                           {"object", "checkout.session"},
                           {"livemode", false},
                           {"url", made.address}}
                          .dump();
      before_answer = before_answer_;
    }
    before_answer();
    return answer;
  }

  std::mutex mutex_;
  std::map<std::string, Made> made_;
  std::size_t customers_ = 0;
  std::function<void()> before_answer_ = [] {};
  StripeServer server_{std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
};

// A port where nobody takes a connection.
class Nobody {
 public:
  Nobody() : listening_(Descriptor::checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listening_.get(), any, size) == 0);
    REQUIRE(listen(listening_.get(), 8) == 0);
    REQUIRE(getsockname(listening_.get(), any, &size) == 0);
    origin = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }

  std::string origin;

 private:
  Descriptor listening_;
};

void write_secret(const std::filesystem::path& file, const std::string& secret) {
  write_file(file, secret + "\n");
  chmod(file.c_str(), 0600);
}

// A site that sells a plan in sessions that the courier has made.
struct Shop {
  Stripe stripe;
  RunningSite site{{.prepare = [this](RunningSite& prepared) { sell(prepared); }}};

  void sell(RunningSite& prepared) const {
    write_secret(prepared.folder() / "stripe", "whsec_test");
    write_secret(prepared.folder() / "key", "rk_test_1");
    const char* settings = "actiond.toml";
    prepared.edit(settings, "\nsecrets = \"\"", "\nsecrets = \"stripe\"");
    prepared.edit(settings, "\nrestricted_key = \"\"", "\nrestricted_key = \"key\"");
    prepared.edit(settings, "\nmode = \"live\"", "\nmode = \"test\"");
    prepared.edit(settings, "https://api.stripe.com", stripe.origin());
    std::ofstream(prepared.settings(), std::ios::app)
        << "[[stripe.plan]]\nname = \"team\"\nprices = [\"price_1\"]\n";
  }
  // A courier whose Stripe is at `origin`.
  std::unique_ptr<Process> courier(const std::string& origin) const {
    const std::filesystem::path settings = site.folder() / "courier.toml";
    std::string text = read_file(site.settings());
    const std::size_t at = text.find(stripe.origin());
    write_file(settings, text.replace(at, stripe.origin().size(), origin));
    return std::make_unique<Process>(
        std::vector<std::string>{actiond_program(), "--config", settings, "courier"},
        site.folder() / "log/actiond.log");
  }
  std::unique_ptr<Process> courier() const { return courier(stripe.origin()); }
  std::string state_of_last_mail() const {
    return site.query("SELECT state FROM outbox ORDER BY id DESC LIMIT 1").at(0);
  }
  // Of the ways to Stripe.
  std::string count(const std::string& where) const {
    return site.query("SELECT count(*) FROM stripe_sessions WHERE " + where).at(0);
  }
};

struct Visitor {
  Client client;
  std::string way;  // the page where he waits

  explicit Visitor(const Shop& shop, const std::string& email) : client(shop.site, as_browser) {
    client.sign_up(email);
    way = press();
  }
  std::string press() {
    const Answer answer = client.post("upgrade", {{"plan", "team"}});
    CHECK(answer.status == 303);
    return answer.header("Location");
  }
  std::string key() const { return way.substr(way.find('=') + 1); }
  // Where the page leads; empty: it waits.
  std::string led_to() { return client.get(way).header("Location"); }
};

// Whether somebody waits for a lock on the file (proc(5)).
bool is_waited_for(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  const std::string inode = ":" + std::to_string(status.st_ino) + " ";
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);)
    if (line.find("->") != line.npos && line.find(inode) != line.npos) return true;
  return false;
}

void end(Process& courier, int signal, int status) {
  courier.signal(signal);
  CHECK(courier.wait() == status);
}

}  // namespace

TEST_CASE("a courier that is killed at any step leaves each visitor one session and one customer") {
  Shop shop;
  // It has the row, and nobody was asked.
  Visitor ada(shop, "ada@example.com");
  {
    const Nobody nobody;
    const auto courier = shop.courier(nobody.origin);
    CHECK(eventually([&] { return shop.count("leases = 1") == "1"; }));
    end(*courier, SIGKILL, 128 + SIGKILL);
  }
  // Stripe has made the session, and hangs.
  Visitor bo(shop, "bo@example.com");
  {
    std::promise<void> killed;
    shop.stripe.before_answer([until = killed.get_future().share()] { until.wait(); });
    const auto courier = shop.courier();
    CHECK(eventually([&] { return shop.stripe.sessions() == 1; }));
    end(*courier, SIGKILL, 128 + SIGKILL);
    killed.set_value();
  }
  // Stripe has answered, and the courier waits for its turn to write.
  Visitor cy(shop, "cy@example.com");
  {
    const auto file = lock_path(shop.site.database());
    FileLock lock(file);
    shop.stripe.before_answer([&] {
      // Its other thread has nothing to write any more.
      CHECK(eventually([&] { return shop.state_of_last_mail() == "sent"; }));
      lock.lock(lock_byte::write_lock);
    });
    const auto courier = shop.courier();
    CHECK(eventually([&] { return shop.stripe.sessions() == 2 && is_waited_for(file); }));
    end(*courier, SIGKILL, 128 + SIGKILL);
    shop.stripe.before_answer([] {});
    lock.unlock(lock_byte::write_lock);
  }
  CHECK(shop.stripe.sessions() == 2);
  CHECK(shop.count("address IS NULL AND due_at IS NOT NULL AND leases = 1") == "3");
  for (Visitor* visitor : {&ada, &bo, &cy}) CHECK(visitor->led_to() == "");

  const auto courier = shop.courier();
  for (Visitor* visitor : {&ada, &bo, &cy}) {
    CHECK(eventually([&] { return visitor->led_to() != ""; }));
    CHECK(visitor->led_to() == shop.stripe.address(visitor->key()));
    CHECK(visitor->press() == visitor->way);
  }
  end(*courier, SIGTERM, 0);
  CHECK(shop.stripe.sessions() == 3);
  CHECK(shop.stripe.customers() == 3);
  CHECK(shop.stripe.times(ada.key()).size() == 1);
  for (const Visitor* visitor : {&bo, &cy}) {
    const auto times = shop.stripe.times(visitor->key());
    REQUIRE(times.size() >= 2);
    // Nobody else had it while its lease ran; rows count in seconds.
    CHECK(times[1] - times[0] > std::chrono::seconds(13));
  }
  CHECK(shop.count("leases > 1 AND failures = 0") == "3");
}

TEST_CASE("a visitor on the way to Stripe does not wait for a relay that hangs") {
  Shop shop;
  auto relay = std::make_unique<test::RelayServer>(test::RelayServer::Answers{{"MAIL", "hang"}});
  shop.site.edit("actiond.toml", "\nrelay = \"\"",
                 "\nrelay = \"smtp://127.0.0.1:" + std::to_string(relay->port()) + "\"");
  // Signing up orders a mail, which is due before the session.
  Visitor ada(shop, "ada@example.com");
  CHECK(shop.state_of_last_mail() == "waiting");
  const auto courier = shop.courier();
  CHECK(eventually([&] { return ada.led_to() != ""; }));
  CHECK(ada.led_to() == shop.stripe.address(ada.key()));
  CHECK(eventually([&] { return relay->lines().size() == 2; }));
  CHECK(shop.site.log().find("the relay cannot be reached") == std::string::npos);
  // It is told to stop, and the mail that is under way ends first.
  courier->signal(SIGTERM);
  relay.reset();
  CHECK(courier->wait() == 0);
  CHECK(shop.site.log().find("the relay cannot be reached") != std::string::npos);
}

}  // namespace actiond::http
