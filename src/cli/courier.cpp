#include "courier/courier.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/inherited_state.h"
#include "base/log.h"
#include "cli/commands.h"
#include "courier/file_carrier.h"
#include "courier/smtp_carrier.h"
#include "files/secret_file.h"
#include "pool/worker/confine.h"
#include "program/engine.h"
#include "program/program.h"
#include "program/site_check.h"
#include "stripe/fetches.h"
#include "stripe/nightly.h"
#include "stripe/stripe_sessions.h"

namespace actiond {
namespace {

using Clock = Breaker::Clock;

constexpr std::chrono::milliseconds between_looks(200);
// Rows expire, and the clock may have been set back.
constexpr std::chrono::minutes between_rounds(1);

// The signals of a courier wait until it asks for them: a mail that is on its way arrives first.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&set_, signal);
    sigprocmask(SIG_SETMASK, &set_, nullptr);
  }

  static bool ask_to_stop() {
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
  }
  // Until the next one, which is left pending if it asks to stop.
  void wait(std::chrono::milliseconds most) const {
    if (ask_to_stop()) return;
    const timespec limit{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(most).count()};
    const int signal = sigtimedwait(&set_, nullptr, &limit);
    if (signal == SIGUSR1) reopen_log();
    if (signal == SIGTERM || signal == SIGINT) kill(getpid(), signal);  // for all threads
  }

 private:
  sigset_t set_;
};

std::unique_ptr<Carrier> carrier_of(const Settings& settings) {
  const CourierSettings& courier = settings.courier;
  if (!courier.relay) return std::make_unique<FileCarrier>(courier.files);
  Credentials credentials{courier.relay_user, {}};
  if (!credentials.user.empty())
    credentials.password = read_secrets(courier.relay_password).front();
  return std::make_unique<SmtpCarrier>(*courier.relay, std::move(credentials),
                                       std::string(mail_host(settings.origins.front())));
}

// The courier at Stripe, where there is a key.
struct StripeWork {
  StripeWork(Store& store, const Settings& settings)
      : payments(settings.stripe.payments),
        api({settings.stripe.api, settings.stripe.restricted_key, payments.is_live}, current_time),
        sessions(store, api, payments, current_time), fetches(store, api, payments, current_time),
        nightly(store, api, payments, settings.courier.notify, current_time) {
    payments.secrets = read_webhook_secrets(settings.stripe);
  }
  bool round(Clock::time_point now) {
    if (sessions.round(now)) return true;  // somebody waits for each
    const bool fetches_more = fetches.round(now);
    return nightly.round(now) || fetches_more;
  }

  PaymentSettings payments;
  StripeApi api;
  StripeSessions sessions;
  Fetches fetches;
  Nightly nightly;
};

// The courier at the outbox.
class MailWork {
 public:
  MailWork(Engine& engine, Courier& courier) : engine_(engine), courier_(courier) {}

  bool round(Clock::time_point now) {
    if (now < next_ && !has_due_mail(engine_.reader(), current_time())) return false;
    next_ = now + between_rounds;
    return courier_.round(now, Signals::ask_to_stop);
  }

 private:
  Engine& engine_;
  Courier& courier_;
  Clock::time_point next_{};
};

// Rounds of work; the log is told once that the data cannot be read or written.
template <class Work>
class Rounds {
 public:
  // `without` is the line of the log then.
  Rounds(Work& work, std::string_view without) : work_(work), without_(without) {}

  // Answers whether there may be more to do at once.
  bool make() try {
    const bool more = work_.round(Clock::now());
    trouble_.clear();
    return more;
  } catch (const Unavailable& error) {
    if (trouble_ != error.what()) log_event("error", without_, {{"reason", error.what()}});
    trouble_ = error.what();
    return false;
  }

 private:
  Work& work_;
  const std::string_view without_;
  std::string trouble_;  // said already
};

// Asks Stripe on a thread of its own: visitors wait for their sessions, and not for a relay that
// takes its time as well.
class StripeThread {
 public:
  explicit StripeThread(StripeWork& work)
      : ended_(std::async(std::launch::async, [this, &work] { ask(work); })) {}
  StripeThread(const StripeThread&) = delete;
  StripeThread& operator=(const StripeThread&) = delete;
  ~StripeThread() { stopping_.request_stop(); }  // the future waits for the thread

  bool has_ended() const {
    return ended_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  // The request that is under way is answered first.  Throws what ended the thread.
  void stop() {
    stopping_.request_stop();
    ended_.get();
  }

 private:
  void ask(StripeWork& work) {
    Rounds rounds(work, "no rows for Stripe");
    while (!stopping_.stop_requested() && !Signals::ask_to_stop())
      if (!rounds.make()) std::this_thread::sleep_for(between_looks);
  }

  std::stop_source stopping_;
  std::future<void> ended_;
};

}  // namespace

void command::courier(const Settings& settings) {
  reset_signals();
  const Signals signals;
  set_up_log(settings.log);
  const MailTemplates templates(settings.courier.texts);
  const auto carrier = carrier_of(settings);
  const auto engine = engine_of(settings);
  Courier courier(*engine, templates, *carrier, {settings.courier.from, settings.origins.front()},
                  current_time);
  std::unique_ptr<StripeWork> stripe;
  if (settings.stripe.payments.asks) stripe = std::make_unique<StripeWork>(*engine, settings);
  log_event("info", "courier started",
            {{"to", settings.courier.relay ? settings.courier.relay->url()
                                           : settings.courier.files.string()},
             {"asks", stripe ? settings.stripe.api : ""}});
  give_up_system_calls_of_courier();
  MailWork mails(*engine, courier);
  Rounds rounds(mails, "no outbox");
  // Behind the filter, which a thread inherits.
  std::optional<StripeThread> asking;
  if (stripe) asking.emplace(*stripe);
  while (!Signals::ask_to_stop() && !(asking && asking->has_ended()))
    if (!rounds.make()) signals.wait(between_looks);
  if (asking) asking->stop();
  log_event("info", "courier stopped");
}

}  // namespace actiond
