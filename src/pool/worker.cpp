#include "pool/worker.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <vector>

namespace actiond {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void watch(int epoll, int descriptor, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  checked(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

// `stop` becomes readable for good when it is time.
void serve(int listening_socket, int stop, const Answer& answer) {
  const int epoll = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  // Exclusive: one connection wakes one thread of one process.
  watch(epoll, listening_socket, EPOLLIN | EPOLLEXCLUSIVE);
  watch(epoll, stop, EPOLLIN);
  while (true) {
    epoll_event event{};
    if (epoll_wait(epoll, &event, 1, -1) < 1) continue;
    if (event.data.fd == stop) break;
    const int connection = accept4(listening_socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) serve_connection(connection, answer);
  }
  close(epoll);
}

}  // namespace

int run_worker(int listening_socket, int threads, const AnswerMaker& make_answer) {
  sigset_t terminate;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  pthread_sigmask(SIG_SETMASK, &terminate, nullptr);
  start_fastcgi();
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C reaches the whole group; the supervisor decides

  const Answer answer = make_answer();
  const int stop = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
  std::vector<std::thread> serving;
  for (int at = 0; at < threads; ++at)
    serving.emplace_back([&] { serve(listening_socket, stop, answer); });
  int signal = 0;
  sigwait(&terminate, &signal);
  checked(eventfd_write(stop, 1), "eventfd_write");
  for (std::thread& thread : serving) thread.join();
  return 0;
}

}  // namespace actiond
