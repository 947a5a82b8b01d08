#include "pool/supervisor/pool.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

#include "base/log.h"
#include "eventually.h"
#include "served/fastcgi.h"

namespace actiond::test {

namespace fcgi = actiond::http::fastcgi;

Gate::Gate() : event_(Descriptor::checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

void Gate::open() const { eventfd_write(event_.get(), 1); }

void Gate::close() const {
  eventfd_t ignored;
  eventfd_read(event_.get(), &ignored);
}

bool Gate::wait(std::chrono::milliseconds limit) const {
  pollfd waiting{.fd = event_.get(), .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, static_cast<int>(limit.count())) == 1;
}

namespace {

// Of a socket that is only bound so far a connection is refused.  proc_net(5): the flag is
// SO_ACCEPTCON.
bool listens(const std::filesystem::path& socket) {
  std::ifstream sockets("/proc/net/unix");
  for (std::string line; std::getline(sockets, line);)
    if (line.ends_with(" " + socket.string()) && line.find(" 00010000 ") != line.npos) return true;
  return false;
}

}  // namespace

std::string request_for(const std::string& path, bool keep) {
  return fcgi::begin_request(keep) +
         fcgi::record(fcgi::parameters,
                      fcgi::pair("REQUEST_METHOD", "GET") + fcgi::pair("DOCUMENT_URI", path)) +
         fcgi::record(fcgi::parameters, "") + fcgi::record(fcgi::input, "");
}

Visitor::Visitor(const std::filesystem::path& path)
    : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  (void)connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
}

void Visitor::send(std::string_view bytes) const {
  (void)::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string Visitor::receive_all() const {
  std::string all;
  for (std::string some; !(some = receive_some()).empty();) all += some;
  return all;
}

std::string Visitor::receive_now() const { return receive(MSG_DONTWAIT); }

std::string Visitor::receive(int flags) const {
  std::array<char, 4096> bytes;
  const ssize_t read = recv(socket_.get(), bytes.data(), bytes.size(), flags);
  return {bytes.data(), read > 0 ? static_cast<std::size_t>(read) : 0};
}

Pool::Pool(const std::function<Service()>& make_service, const Life& life)
    : settings_{.socket = folder_ / "pool.sock",
                .socket_group = "",
                .workers = life.workers,
                .threads = 6,
                .max_requests = life.max_requests,
                .request_timeout = life.request_timeout} {
  if (life.tells_status) settings_.status_socket = folder_ / "status.sock";
  pid_ = fork();
  if (pid_ == 0) {
    life.inherit();
    set_up_log(life.logs_to_stderr ? LogSettings() : LogSettings{.file = folder_ / "log"});
    const Reload reload{.command = {"/bin/false"},
                        .trial = {"/bin/false"},
                        .lock = -1,
                        .tell = [&](const std::string&) { life.reload_failed(); }};
    _exit(supervise(
        settings_, [&](WorkerCell&) { return make_service(); }, {}, reload));
  }
  eventually([this] { return listens(settings_.socket); });
}

void Pool::begin_stop() const { kill(pid_, SIGTERM); }

int Pool::stop() {
  if (pid_ == 0) return status_;
  begin_stop();
  waitpid(pid_, &status_, 0);
  pid_ = 0;
  return status_;
}

std::string Pool::ask(const std::string& path) const {
  const Visitor visitor(settings_.socket);
  visitor.send(request_for(path));
  return visitor.receive_all();
}

std::string Pool::ask_status() const {
  const Visitor visitor(settings_.status_socket);
  visitor.send(request_for("/-/status"));
  return visitor.receive_all();
}

bool Pool::says(std::string_view text) const { return count_in_log(text) > 0; }

int Pool::count_in_log(std::string_view text) const {
  const std::string log = read_file(folder_ / "log");
  int count = 0;
  for (std::size_t at = 0; (at = log.find(text, at)) != log.npos; ++at) ++count;
  return count;
}

Response say(const std::string& text) {
  Response response(200);
  response.body = text;
  return response;
}

Service pid_and_path() {
  return {.answer = [](Request& request, const Reply& reply) {
    reply(say(std::to_string(getpid()) + " " + request.path + "."));
  }};
}

pid_t pid_in(const std::string& answer) {
  return static_cast<pid_t>(std::stol(answer.substr(answer.rfind('\n') + 1)));
}

Service long_until(const Gate& begun, const Gate& go_on) {
  Service service = pid_and_path();
  service.takes_long = [](const Request& request) { return request.path == "/long"; };
  service.answer = [&, quick = service.answer](Request& request, const Reply& reply) {
    if (request.path == "/long") {
      begun.open();
      go_on.wait();
    }
    quick(request, reply);
  };
  return service;
}

long waits_of(pid_t pid) {
  long all = 0;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    std::ifstream status(task.path() / "status");
    for (std::string word; status >> word;) {
      long count = 0;
      if (word == "voluntary_ctxt_switches:" && status >> count) all += count;
    }
  }
  return all;
}

}  // namespace actiond::test
