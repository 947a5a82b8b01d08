// A connection of the web server: requests come, answers go.  libfcgi reads and writes them; when
// there is something to read is found out here, by looking at what has come without taking it.
#pragma once

#include <fcgiapp.h>

#include <cstddef>
#include <functional>

#include "base/descriptor.h"
#include "http/request.h"
#include "http/response.h"
#include "pool/fastcgi/walker.h"

namespace actiond {

class Peer {
 public:
  // The reads and writes of `socket` may wait from now on.
  explicit Peer(Descriptor socket);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  enum class State {
    Idle,       // between requests
    Receiving,  // a request, or the rest of a body that nobody reads, has yet to come whole
    Ready,      // `request` is here and wants an answer
    Ended,      // the connection is of no more use
  };
  // Looks at what has come.  Waits for nothing, but after an answer to a streamed body that was
  // read in part: then for the rest of that body.
  State advance();

  Request& request() { return request_; }
  // The body of `request` is long and still comes: reading it may wait, until all has come or
  // somebody shuts the socket down.
  bool is_streaming() const { return !walker_.is_whole(); }

  // Whether to send `response` may wait for the web server: it is longer than the socket holds.
  static bool may_wait_for(const Response& response);
  // Sends it, and calls `sent_some` before each further piece of a long one.  `advance` comes next.
  void answer(
      const Response& response, const std::function<void()>& sent_some = [] {});

  int socket() const { return request_of_fcgi_.ipcFd; }

 private:
  enum class Looked { Some, NothingNow, End };

  Looked look();
  Looked discard();
  State accept();
  State finish();
  std::size_t read_body(char* into, std::size_t size);
  void release();

  FCGX_Request request_of_fcgi_;
  RequestWalker walker_;
  Request request_;
  bool is_accepted_ = false;   // libfcgi has the request
  bool body_begun_ = false;    // some of it was read
  bool body_ended_ = false;    // all of it was read
  bool has_failed_ = false;    // the web server is gone, or its body was cut off
  bool is_answered_ = false;   // what remains of the body is to be discarded
  std::size_t looked_at_ = 0;  // bytes to discard that the walker has seen
};

}  // namespace actiond
