// More than a pool can take: malformed records, slow and hostile bodies, everybody at once.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "served/attack.h"
#include "served/fastcgi.h"

namespace actiond::http {
namespace {

// The status of each of `count` answers to requests made at once, each by a visitor of its own.
template <class Ask>
std::vector<int> at_once(std::size_t count, Ask ask) {
  std::vector<int> statuses(count);
  std::vector<std::thread> visitors;
  for (std::size_t at = 0; at < count; ++at)
    visitors.emplace_back([&, at] { statuses[at] = ask(at); });
  for (std::thread& visitor : visitors) visitor.join();
  return statuses;
}

long peak_of_all(const RunningSite& site) {
  long sum = 0;
  for (const pid_t worker : site.workers()) sum += peak_kib(worker);
  return sum;
}

long ticks_of_all(const RunningSite& site) {
  long sum = 0;
  for (const pid_t worker : site.workers()) sum += cpu_ticks(worker);
  return sum;
}

std::string repeated(std::string_view text, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

}  // namespace

TEST_CASE("S15 malformed FastCGI records end their own connection; others are served on") {
  RunningSite site({.workers = 2, .threads = 16});
  site.expect_dead_workers();  // allowed; what is asked for is that somebody serves on
  using namespace fastcgi;
  const std::string head = comment_head(10);
  std::string random;
  for (unsigned at = 0, state = 1; at < 4096; ++at, state = state * 1664525 + 1013904223)
    random += static_cast<char>(state >> 24);
  const std::vector<std::pair<std::string, std::string>> rows{
      {"nothing", ""},
      {"one byte", "\x01"},
      {"HTTP", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"noise", random},
      {"zeros", std::string(4096, '\0')},
      {"a version that there is not", record_saying(begin, 8, std::string(8, '\1'), 9)},
      {"an unknown type", record(200, "x")},
      {"an unknown role", record(begin, std::string{0, 9, 0, 0, 0, 0, 0, 0}) +
                              record(parameters, "") + record(input, "")},
      {"a begin that is too short", record(begin, "\0\1")},
      {"begin and no parameters", begin_request()},
      {"begin and an end of parameters",
       begin_request() + record(parameters, "") + record(input, "")},
      {"an abort", begin_request() + record(abort, "")},
      {"a second begin", begin_request() + begin_request()},
      {"parameters first", record(parameters, comment_parameters(10))},
      {"a record that is cut", begin_request() + record_saying(parameters, 65535, "x")},
      {"a name of 2 GiB", begin_request() +
                              record(parameters,
                                     "\xff\xff\xff\xff\xff\xff\xff\xff"
                                     "name") +
                              record(parameters, "")},
      {"a value of 2 GiB", begin_request() +
                               record(parameters, std::string("\x04\xff\xff\xff\xff", 5) + "name") +
                               record(parameters, "")},
      {"lengths that add up to zero",
       begin_request() + record(parameters, std::string("\x80\x00\x00\x00\x80\x00\x00\x00", 8)) +
           record(parameters, "")},
      {"a pair that is cut", begin_request() +
                                 record(parameters,
                                        "\x7f\x7f"
                                        "x") +
                                 record(parameters, "")},
      {"a name with no value",
       begin_request() + record(parameters, "\x05") + record(parameters, "")},
      {"100 records of parameters with no end",
       begin_request() + repeated(record(parameters, pair("A", "b")), 1100)},
      {"half a body", head + record(input, "messa")},
      {"more body than announced", head + record(input, repeated("x", 60000)) + record(input, "")},
      {"a length that is no number",
       begin_request() + record(parameters, pair("CONTENT_LENGTH", "-1") + comment_parameters(1)) +
           record(parameters, "") + record(input, "")},
      {"a length beyond every limit",
       begin_request() +
           record(parameters, pair("REQUEST_METHOD", "POST") +
                                  pair("DOCUMENT_URI", "/actions/comments") +
                                  pair("HTTP_CONTENT_TYPE", "application/json") +
                                  pair("CONTENT_LENGTH", "99999999999999999999")) +
           record(parameters, "") + record(input, "")},
      {"parameters with NUL and line ends",
       begin_request() +
           record(parameters, pair(std::string_view("REQUEST\0METHOD", 14), "POST\r\nX: y") +
                                  pair("REQUEST_ID", "a\r\nSet-Cookie: x=y")) +
           record(parameters, "") + record(input, "")},
  };
  Client client(site);
  std::vector<Socket> held;
  std::int64_t sent = 0;
  for (const auto& [what, bytes] : rows) {
    CAPTURE(what);
    const Socket closed = Socket::to_pool(site);
    closed.send(bytes);
    closed.finish_sending();
    CHECK(closed.receive_all().find("Set-Cookie") == std::string::npos);
    if (held.size() < 16) {  // half of the threads are kept waiting
      held.push_back(Socket::to_pool(site));
      held.back().send(bytes);
    }
    CHECK(client.post("comments", {{"message", "m" + std::to_string(sent++)}}).status == 200);
  }
  CHECK(site.row_counts() == RowCounts{.comments = sent});
  // Nobody waited until who never ends was turned away.
  CHECK(
      std::any_of(held.begin(), held.end(), [](const Socket& one) { return !one.is_readable(); }));
  held.clear();
  CHECK(eventually([&] { return site.workers().size() == 2; }));
  // A request that is well made is answered on this socket as well.
  const Socket good = Socket::to_pool(site);
  good.send(head + record(input, "message=ok") + record(input, ""));
  CHECK(good.receive_all().find("ok\n") != std::string::npos);
}

TEST_CASE("S15 the socket is for its owner and its group") {
  RunningSite site;
  struct stat status {};
  REQUIRE(stat(site.socket().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0660);
  REQUIRE(stat(site.folder().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("S14 no worker has HTTP_PROXY in its environment") {
  RunningSite site;
  CHECK(Client(site).get("/actions/me", {{"Proxy", "http://evil.example"}}).status == 200);
  for (const pid_t worker : site.workers())
    CHECK(read_file("/proc/" + std::to_string(worker) + "/environ").find("HTTP_PROXY") ==
          std::string::npos);
}

TEST_CASE("S16 twice as many half bodies as threads keep nobody waiting") {
  RunningSite site({.workers = 2, .threads = 2});
  std::vector<Socket> slow;
  for (int at = 0; at < 8; ++at) {
    slow.push_back(Socket::to_nginx(site));
    slow.back().send(
        "POST /actions/comments HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        "application/x-www-form-urlencoded\r\n"
        "Content-Length: 200\r\n\r\nmessage=half");
  }
  Client client(site);
  for (int at = 0; at < 20; ++at) CHECK(client.post("comments", {{"message", "hi"}}).status == 200);
  for (const Socket& one : slow) CHECK_FALSE(one.is_readable());  // nobody waited for their end
  CHECK(site.row_counts() == RowCounts{.comments = 20});
  // One of them goes on after all, a byte at a time.
  for (int at = 0; at < 188; ++at) slow.front().send("x");
  CHECK(status_of(slow.front().receive(12) + " ") == 200);
}

TEST_CASE("S17 hostile multipart bodies are refused in linear time and bounded memory") {
  RunningSite site;
  Client client(site);
  // The time that the pool spends on fifty of them, in ticks.
  const auto cost = [&](const std::string& body, const std::string& boundary, int status) {
    const long before = ticks_of_all(site);
    for (int times = 0; times < 50; ++times)
      CHECK(client
                .send("POST", "/actions/comments", body,
                      {{"Content-Type", "multipart/form-data; boundary=" + boundary}})
                .status == status);
    return ticks_of_all(site) - before;
  };
  const Tables rows_before = all_rows(site);
  const std::string part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
  const std::size_t full = 90 * 1024;  // nearly what the form takes
  // As many fields as a form may have.
  std::string honest;
  for (int at = 0; at < 1000; ++at)
    honest +=
        "--b\r\nContent-Disposition: form-data; name=\"" + std::to_string(at) + "\"\r\n\r\nx\r\n";
  honest += "--b--\r\n";
  cost(honest, "b", 422);  // the first takes memory
  const long honest_ticks = cost(honest, "b", 422);
  const long peak_before = peak_of_all(site);
  struct Row {
    std::string what, body, boundary;
    int status;  // 422: well made, but there is no message
  };
  const std::vector<Row> rows{
      {"more than 1,000 parts", repeated(part, full) + "--b--\r\n", "b", 413},
      {"many parts without a header", repeated("--b\r\n\r\n\r\n", full) + "--b--\r\n", "b", 400},
      {"nothing but CR", std::string(full, '\r'), "b", 400},
      {"a part of CR", part + std::string(full - 100, '\r') + "\r\n--b--\r\n", "b", 422},
      {"almost boundaries", part + repeated("\r\n--", full - 200) + "\r\n--b--\r\n", "b", 422},
      {"boundaries of one byte less",
       part + repeated("\r\n--bbbbbbb", full - 200) + "\r\n--bbbbbbbb--\r\n", "bbbbbbbb", 422},
      {"8 MB", std::string(8 << 20, '\r'), "b", 413},
      {"a long header",
       "--b\r\nContent-Disposition: form-data; name=\"" + std::string(full - 100, 'x'), "b", 400},
      {"a header of many lines", "--b\r\n" + repeated("a:\r\n", full), "b", 400},
      {"a header of many parameters",
       "--b\r\nContent-Disposition: form-data" + repeated(";a=", full), "b", 400},
      {"no end", repeated(part, 500), "b", 400},
      {"only an end", "--b--\r\n", "b", 422},
      {"nothing", "", "b", 400},
      {"no boundary", part + "--b--\r\n", "", 400},
      {"a boundary of 71 bytes", part, std::string(71, 'b'), 400},
      {"a boundary of spaces", part, "\" \"", 400},
      {"a boundary with a line end in it", part, "\"b\\r\\n\"", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const long ticks = cost(row.body, row.boundary, row.status);
    CHECK(ticks <= 5 * honest_ticks);
  }
  CHECK(changes(rows_before, all_rows(site)) == "");
  CHECK(peak_of_all(site) - peak_before < 400'000);
}

TEST_CASE("S29 twenty equal submissions at once have one effect") {
  RunningSite site;
  const std::vector<int> signed_up = at_once(20, [&](std::size_t) {
    return Client(site)
        .post("sign-up",
              {{"email", "ada@example.org"}, {"password", Client::password}, {"name", "Ada"}})
        .status;
  });
  CHECK(std::count(signed_up.begin(), signed_up.end(), 200) == 1);
  CHECK(std::count(signed_up.begin(), signed_up.end(), 422) == 19);
  CHECK(site.row_counts() == RowCounts{.users = 1, .sessions = 1});

  const std::vector<int> sent = at_once(20, [&](std::size_t at) {
    return Client(site)
        .post("comments", {{"message", "hi"}, {"_once", at % 2 == 0 ? "even" : "odd"}})
        .status;
  });
  CHECK(std::count(sent.begin(), sent.end(), 200) == 20);
  CHECK(site.row_counts().comments == 2);
}

TEST_CASE("S29 access that is revoked while orders come in stops them at that moment") {
  RunningSite site;
  Client payer(site);
  payer.sign_up("ada@example.org");
  REQUIRE(site.actiond({"grant", "ada@example.org"}).exit_code == 0);
  std::atomic<bool> revoked = false;
  std::atomic<int> done_too_late = 0;
  std::atomic<std::int64_t> done = 0;
  std::thread operator_thread([&] {
    eventually([&] { return done >= 20; });
    CHECK(site.actiond({"revoke", "ada@example.org"}).exit_code == 0);
    revoked = true;
  });
  at_once(20, [&](std::size_t) {
    Client client(site);
    client.cookie = payer.cookie;
    int status = 200;
    while (status == 200) {
      const bool late = revoked;
      status = client.post("order", {{"topic", "Wool"}}).status;
      done += status == 200;
      done_too_late += late && status == 200;
    }
    CHECK(status == 402);
    return status;
  });
  operator_thread.join();
  CHECK(done_too_late == 0);
  CHECK(site.row_counts().reviews == done);
}

}  // namespace actiond::http
