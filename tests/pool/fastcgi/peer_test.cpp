// A peer over a socket pair: the test is the web server.
#include "pool/fastcgi/peer.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <string>
#include <thread>

#include "pool/fastcgi/fastcgi.h"
#include "served/fastcgi.h"

using namespace actiond;
namespace fcgi = actiond::http::fastcgi;
using State = Peer::State;

namespace {

class Connection {
 public:
  Connection() : ends_(make_ends()), peer(Descriptor(ends_[1])) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(ends_[0]); }

  State send(std::string_view bytes) {
    REQUIRE(::send(ends_[0], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
    return peer.advance();
  }
  State answer(const std::string& body) {
    Response response(200);
    response.body = body;
    peer.answer(response);
    return peer.advance();
  }
  // Everything that has arrived.
  std::string receive() const {
    std::string all;
    std::array<char, 64 * 1024> bytes;
    for (ssize_t size; (size = recv(ends_[0], bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0;)
      all.append(bytes.data(), static_cast<std::size_t>(size));
    return all;
  }
  int other() const { return ends_[0]; }
  void shut() const { shutdown(ends_[0], SHUT_RDWR); }

 private:
  static std::array<int, 2> make_ends() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    return ends;
  }

  std::array<int, 2> ends_;

 public:
  Peer peer;
};

std::string head(const std::string& path, bool keep = true) {
  return fcgi::begin_request(keep) +
         fcgi::record(fcgi::parameters, fcgi::pair("REQUEST_METHOD", "POST") +
                                            fcgi::pair("DOCUMENT_URI", path) +
                                            fcgi::pair("HTTP_X_TEST", "a=b")) +
         fcgi::record(fcgi::parameters, "");
}
const std::string end_of_body = fcgi::record(fcgi::input, "");

std::string read_all(Request& request) {
  std::string all;
  std::array<char, 1000> piece;
  while (const std::size_t size = request.read_body(piece.data(), piece.size()))
    all.append(piece.data(), size);
  return all;
}

// The content of the answer's records; each belongs to the request that the tests send.
std::string content_of(std::string_view records, unsigned char type) {
  std::string all;
  while (records.size() >= 8) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(records[at]); };
    const std::size_t length = byte(4) * 256U + byte(5);
    CHECK(byte(3) == 1);
    if (byte(1) == type) all += records.substr(8, length);
    records.remove_prefix(8 + length + byte(6));
  }
  CHECK(records.empty());
  return all;
}

std::string answer_with(const std::string& body) {
  return "Status: 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a connection serves one request after the other") {
  Connection connection;
  CHECK(connection.peer.advance() == State::Idle);
  for (const std::string text : {"first", "second", ""}) {
    const std::string body = text.empty() ? "" : fcgi::record(fcgi::input, text);
    REQUIRE(connection.send(head("/actions/" + text) + body + end_of_body) == State::Ready);
    Request& request = connection.peer.request();
    CHECK(request.path == "/actions/" + text);
    CHECK(request.method == "POST");
    CHECK(request.header("x-test") == "a=b");
    CHECK_FALSE(connection.peer.is_streaming());
    CHECK(read_all(request) == text);
    CHECK(connection.answer("hello " + text) == State::Idle);
    const std::string records = connection.receive();
    CHECK(content_of(records, fcgi::output) == answer_with("hello " + text));
    CHECK(content_of(records, fcgi::end) == std::string(8, '\0'));
  }
}

TEST_CASE("a request is ready once it is whole, and not before, in pieces of any size") {
  const std::string bytes = head("/a") + fcgi::record(fcgi::input, "message=hi") + end_of_body;
  for (const std::size_t piece : {1UL, 3UL, 8UL, 50UL}) {
    Connection connection;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const bool is_last = at + piece >= bytes.size();
      REQUIRE(connection.send(std::string_view(bytes).substr(at, piece)) ==
              (is_last ? State::Ready : State::Receiving));
    }
    CHECK(read_all(connection.peer.request()) == "message=hi");
    CHECK(connection.answer("done") == State::Idle);
  }
}

TEST_CASE("a connection that is not kept, or whose web server is gone, ends") {
  Connection once;
  REQUIRE(once.send(head("/a", false) + end_of_body) == State::Ready);
  CHECK(once.answer("done") == State::Ended);
  CHECK(content_of(once.receive(), fcgi::output).ends_with("done"));

  Connection gone;
  gone.shut();
  CHECK(gone.peer.advance() == State::Ended);

  Connection gone_meanwhile;
  REQUIRE(gone_meanwhile.send(head("/a") + end_of_body) == State::Ready);
  gone_meanwhile.shut();
  CHECK(gone_meanwhile.answer("done") == State::Ended);
}

TEST_CASE(
    "S15 a connection that sends what no web server sends ends, and nothing of it is a request") {
  for (const std::string& bytes : {fcgi::record(9, ""), head("/a") + fcgi::record(fcgi::abort, ""),
                                   head("/a") + end_of_body + head("/b"),
                                   fcgi::begin_request() +
                                       fcgi::record(fcgi::parameters,
                                                    "\x7f\x7f"
                                                    "a") +
                                       fcgi::record(fcgi::parameters, "") + end_of_body})
    CHECK(Connection().send(bytes) == State::Ended);
}

TEST_CASE("a body that is not read leaves the connection in step") {
  Connection connection;
  const std::string body = fcgi::record(fcgi::input, std::string(30'000, 'x'));
  REQUIRE(connection.send(head("/a") + body + end_of_body) == State::Ready);
  CHECK(connection.answer("no") == State::Idle);
  REQUIRE(connection.send(head("/b") + end_of_body) == State::Ready);
  CHECK(connection.peer.request().path == "/b");
  CHECK(connection.answer("yes") == State::Idle);
}

TEST_CASE("a long body is streamed, and what nobody reads of it is discarded as it comes") {
  Connection connection;
  const std::string piece = fcgi::record(fcgi::input, std::string(60'000, 'x'));
  REQUIRE(connection.send(head("/long") + piece) == State::Receiving);
  REQUIRE(connection.send(piece) == State::Ready);
  CHECK(connection.peer.is_streaming());
  CHECK(connection.answer("too much") == State::Receiving);
  CHECK(content_of(connection.receive(), fcgi::output).ends_with("too much"));
  CHECK(connection.send(piece) == State::Receiving);
  CHECK(connection.send(piece.substr(0, 1001)) == State::Receiving);
  CHECK(connection.send(piece.substr(1001)) == State::Receiving);
  CHECK(connection.send(end_of_body) == State::Idle);
  REQUIRE(connection.send(head("/next") + end_of_body) == State::Ready);
  CHECK(connection.peer.request().path == "/next");
  CHECK(connection.answer("here") == State::Idle);
}

TEST_CASE("a long body is read while it comes, also when it is read in part") {
  const std::string piece = fcgi::record(fcgi::input, std::string(60'000, 'x'));
  for (const bool is_read : {true, false}) {
    Connection connection;
    REQUIRE(connection.send(head("/long") + piece) == State::Receiving);
    REQUIRE(connection.send(piece) == State::Ready);
    std::thread web_server([&] {
      for (const std::string& bytes : {piece, piece, end_of_body})
        ::send(connection.other(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    });
    std::array<char, 10> some;
    if (is_read)
      CHECK(read_all(connection.peer.request()).size() == 240'000);
    else
      CHECK(connection.peer.request().read_body(some.data(), some.size()) == some.size());
    CHECK(connection.answer("done") == State::Idle);
    web_server.join();
    REQUIRE(connection.send(head("/next") + end_of_body) == State::Ready);
    CHECK(connection.answer("here") == State::Idle);
  }
}

TEST_CASE("a body that is cut off is shorter than announced, and can still be answered") {
  Connection connection;
  const std::string piece = fcgi::record(fcgi::input, std::string(60'000, 'x'));
  REQUIRE(connection.send(head("/long") + piece) == State::Receiving);
  REQUIRE(connection.send(piece) == State::Ready);
  shutdown(connection.peer.socket(), SHUT_RD);  // as for a peer that is too slow
  CHECK(read_all(connection.peer.request()).size() == 120'000);
  CHECK(connection.answer("too slow") == State::Ended);
  CHECK(content_of(connection.receive(), fcgi::output).ends_with("too slow"));
}

TEST_CASE("an answer that comes in pieces does not say how long it is") {
  Connection connection;
  REQUIRE(connection.send(head("/a") + end_of_body) == State::Ready);
  Response response(200);
  response.body = "one";
  response.rest = [pieces = std::deque<std::string>{"two", ""}]() mutable {
    std::string piece = pieces.front();
    pieces.pop_front();
    return piece;
  };
  connection.peer.answer(response);
  CHECK(content_of(connection.receive(), fcgi::output) == "Status: 200 OK\r\n\r\nonetwo");
}

TEST_CASE("a long answer leaves in records that its length fits in") {
  Connection connection;
  REQUIRE(connection.send(head("/a") + end_of_body) == State::Ready);
  const std::string body(1'000'000, 'a');
  Response response(200);
  response.body = body;
  CHECK(Peer::may_wait_for(response));
  std::string records;
  std::thread web_server([&] {
    std::array<char, 64 * 1024> bytes;
    while (records.size() < 16 || records[records.size() - 15] != fcgi::end) {
      const ssize_t size = recv(connection.other(), bytes.data(), bytes.size(), 0);
      if (size <= 0) return;
      records.append(bytes.data(), static_cast<std::size_t>(size));
    }
  });
  CHECK(connection.answer(body) == State::Idle);
  web_server.join();
  CHECK(content_of(records, fcgi::output) == answer_with(body));
}

TEST_CASE("a request is waited for from the time that nginx names, whatever number it is") {
  const auto deadline = [](const std::string& time) {
    const std::string pair = "REQUEST_TIME=" + time;
    const std::array<const char*, 2> parameters{pair.c_str(), nullptr};
    return to_request(parameters.data()).deadline;
  };
  CHECK(deadline("1700000000.250") == Time(std::chrono::seconds(1700000025)));
  CHECK(deadline("9223372036854775807") == Time::max());
  CHECK(deadline("9223372036854775783") == Time::max());
  CHECK(deadline("9223372036854775782") == Time::max());
  CHECK(deadline("-9223372036854775808") < Time());
  CHECK(deadline("soon") == Time::max());
}
