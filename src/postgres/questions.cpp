#include "postgres/questions.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace actiond {
namespace {

using std::chrono::seconds;

constexpr seconds for_answers(1);
constexpr seconds as_late_as_can_be(6);  // a little more than the server itself allows
constexpr seconds after_a_failure(1);
constexpr std::size_t most_askers = 64;  // of a flight

}  // namespace

// Sends each statement, and finds nothing.
class Questions::Noting final : public Reader {
 public:
  Noting(PostgresConnection& connection, std::vector<Question>& questions)
      : connection_(connection), questions_(questions) {}

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>&) override {
    connection_.ask(sql, values);
    questions_.push_back({std::string(sql), {values.begin(), values.end()}});
  }

 private:
  PostgresConnection& connection_;
  std::vector<Question>& questions_;
};

// Knows the answer to each question, and asks for all else.
class Questions::Knowing final : public Reader {
 public:
  Knowing(std::vector<Question> questions, Reader& reader)
      : questions_(std::move(questions)), reader_(reader) {}

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    const auto known = std::ranges::find_if(questions_, [&](const Question& each) {
      return each.answer && each.sql == sql && std::ranges::equal(each.values, values);
    });
    if (known == questions_.end()) return reader_.each_row(sql, values, visit);
    PostgresConnection::each_row_of(known->answer, visit);
  }

 private:
  const std::vector<Question> questions_;
  Reader& reader_;
};

Questions::Questions(Connections& connections, Reader& reader)
    : connections_(connections), reader_(reader),
      epoll_(Descriptor::checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(Descriptor::checked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                                 "timerfd_create")) {
  watch(timer_.get());
}

bool Questions::is_ready() {
  leave_former_server();
  if (is_late_ && Clock::now() > departed_ + as_late_as_can_be) fail();
  if (connection_) return !is_late_;
  if (Clock::now() < next_try_) return false;
  drops_ = connections_.drops();
  connection_ = connections_.keep_idle();
  if (!connection_) return false;
  try {
    watch(connection_->socket());
  } catch (const std::system_error&) {
    fail();
  }
  return connection_ != nullptr;
}

void Questions::add(Ask ask, Then then) { waiting_.push_back({std::move(ask), std::move(then)}); }

void Questions::set_off() noexcept {
  leave_former_server();
  if (flying_.empty() && !waiting_.empty()) depart();
}

void Questions::receive() noexcept try {
  std::uint64_t ignored;
  if (read(timer_.get(), &ignored, sizeof ignored) > 0) timer_runs_ = false;
  if (connection_ && connection_->take_landed(answers_)) land();
  if (flying_.empty()) return set_off();
  if (Clock::now() < departed_ + for_answers) return set_timer();
  is_late_ = true;
  let_all_go();
} catch (const std::exception&) {
  fail();
}

bool Questions::go_on() {
  if (landed_.empty()) return false;
  Asker asker = std::move(landed_.front());
  landed_.pop_front();
  Knowing reader(std::move(asker.questions), reader_);
  asker.then(reader);
  return true;
}

// With one Sync: they only read.
void Questions::depart() noexcept try {
  for (; !waiting_.empty() && flying_.size() < most_askers; waiting_.pop_front())
    flying_.push_back(std::move(waiting_.front()));
  departed_ = Clock::now();
  for (Asker& asker : flying_) {
    Noting reader(*connection_, asker.questions);
    asker.ask(reader);
  }
  connection_->set_off();
  set_timer();
} catch (const std::exception&) {
  fail();
}

void Questions::land() {
  auto answer = answers_.begin();
  for (Asker& asker : flying_)
    for (Question& question : asker.questions) {
      if (answer == answers_.end()) throw std::logic_error("an answer is missing");
      question.answer = std::move(*answer++);
    }
  answers_.clear();
  is_late_ = false;
  std::ranges::move(flying_, std::back_inserter(landed_));
  flying_.clear();
}

void Questions::leave_former_server() noexcept {
  if (!connection_ || drops_ == connections_.drops()) return;
  let_all_go();
  close();
}

// They ask by themselves, and find out what is wrong.
void Questions::let_all_go() noexcept {
  for (auto* askers : {&flying_, &waiting_}) {
    for (Asker& asker : *askers) asker.questions.clear();
    std::ranges::move(*askers, std::back_inserter(landed_));
    askers->clear();
  }
}

void Questions::close() noexcept {
  connection_.reset();
  connections_.end_kept();
  answers_.clear();
  is_late_ = false;
}

void Questions::fail() noexcept {
  let_all_go();
  if (connection_) close();
  next_try_ = Clock::now() + after_a_failure;
}

void Questions::watch(int descriptor) const {
  epoll_event event{.events = EPOLLIN, .data = {}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

// For the rest of what this flight has.  It runs on behind answers that came, so that it is set
// once for many flights.
void Questions::set_timer() noexcept {
  if (std::exchange(timer_runs_, true)) return;
  const auto left = std::max<std::chrono::nanoseconds>(departed_ + for_answers - Clock::now(),
                                                       std::chrono::nanoseconds(1));
  const auto whole = std::chrono::floor<seconds>(left);
  const itimerspec once{.it_interval = {},
                        .it_value = {.tv_sec = whole.count(), .tv_nsec = (left - whole).count()}};
  timerfd_settime(timer_.get(), 0, &once, nullptr);
}

}  // namespace actiond
