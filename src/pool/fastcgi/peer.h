// A connection of the web server: requests come, answers go.  Nothing here waits, but for the rest
// of a body that is too long to be held in memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "http/request.h"
#include "http/response.h"
#include "pool/fastcgi/records.h"

namespace actiond {

class Peer {
 public:
  // Owns `socket`, which does not block.
  explicit Peer(int socket) : socket_(socket) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  enum class State {
    Idle,       // between requests
    Receiving,  // a request, or what nobody wants of its body, has yet to come whole
    Ready,      // `request` is here and wants an answer
    Sending,    // the web server has yet to take the answer
    Ended,      // the connection is of no more use
  };
  // Receives and sends what is possible now.
  State advance();

  Request& request() { return request_; }
  // The body of `request` is long and still comes: to read it may take up to `longest_body_time`.
  bool is_streaming() const { return !records_.has_body(); }

  // The next `advance` sends it.
  void answer(const Response& response);
  void end_after_answer() { last_ = true; }

  int socket() const { return socket_; }

 private:
  enum class Received { Some, NothingNow, End };

  Received receive();
  bool send();
  std::size_t read_body(char* into, std::size_t size);

  int socket_;
  RequestRecords records_;
  Request request_;
  std::chrono::steady_clock::time_point body_deadline_;
  std::string output_;
  std::size_t sent_ = 0;
  bool answered_ = false;
  bool last_ = false;
};

}  // namespace actiond
