// usage: apart SOCKET TO MICROSECONDS
// As if a network lay between the Unix socket SOCKET and the one at TO: what comes on either side
// goes out on the other so much later.
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace {

template <class Use>
int open_at(std::string_view path, Use use) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int opened = socket(AF_UNIX, SOCK_STREAM, 0);
  if (use(opened, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::exit(1);
  return opened;
}

void pass_on(int from, int to, std::chrono::microseconds delay) {
  prctl(PR_SET_TIMERSLACK, 1);
  std::vector<char> piece(1 << 16);
  for (ssize_t size; (size = read(from, piece.data(), piece.size())) > 0;) {
    std::this_thread::sleep_for(delay);
    for (ssize_t sent = 0, now; sent < size; sent += now)
      if ((now = send(to, piece.data() + sent, static_cast<std::size_t>(size - sent),
                      MSG_NOSIGNAL)) < 0)
        break;
  }
  shutdown(to, SHUT_WR);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  unlink(arguments[1]);
  const int listening = open_at(arguments[1], bind);
  if (listen(listening, 128) != 0) return 1;
  const std::chrono::microseconds delay(std::atoi(arguments[3]));
  for (int from; (from = accept(listening, nullptr, nullptr)) >= 0;)
    std::thread([from, delay, path = arguments[2]] {
      const int to = open_at(path, connect);
      {
        const std::jthread back([=] { pass_on(to, from, delay); });
        pass_on(from, to, delay);
      }
      close(from);
      close(to);
    }).detach();
}
