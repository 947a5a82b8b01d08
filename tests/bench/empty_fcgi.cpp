// usage: empty_fcgi SOCKET PROCESSES THREADS
// The limit: a libfcgi program with as many processes and threads as the pool, which reads the body
// and answers as many bytes as a paid action does, and nothing else.
#include <fcgiapp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr char answer[] =
    "Status: 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "X-Request-Id: 00000000000000000000000000000000\r\n"
    "Cache-Control: no-store\r\n"
    "Vary: Accept, Cookie\r\n"
    "\r\n"
    "{\"ok\":true,\"data\":{\"report\":\"100000\"}}";

void serve(int listening_socket) {
  FCGX_Request request;
  FCGX_InitRequest(&request, listening_socket, 0);
  char body[8192];
  while (FCGX_Accept_r(&request) == 0) {
    while (FCGX_GetStr(body, sizeof body, request.in) > 0) {
    }
    FCGX_PutStr(answer, sizeof answer - 1, request.out);
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  FCGX_Init();
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, SIG_DFL);  // libfcgi would only take note of it
  const int listening_socket = FCGX_OpenSocket(arguments[1], 4096);
  if (listening_socket < 0) return 1;
  for (int at = 1; at < std::atoi(arguments[2]); ++at)
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      break;
    }
  std::vector<std::thread> threads;
  for (int at = 0; at < std::atoi(arguments[3]); ++at)
    threads.emplace_back(serve, listening_socket);
  for (std::thread& thread : threads) thread.join();
}
