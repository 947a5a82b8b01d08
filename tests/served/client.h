// A visitor: keeps its session cookie, says where it comes from, and follows nothing by itself.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "served/site.h"

namespace actiond::http {

inline const std::string as_browser =
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
inline const std::string as_json = "application/json";
inline const std::string as_text = "text/plain";

using Headers = std::vector<std::pair<std::string, std::string>>;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  int status = 0;  // 0: none came
  std::string body = {};
  httplib::Headers headers = {};

  std::string header(const char* name) const;
  bool holds(std::string_view text) const { return body.find(text) != body.npos; }
};

std::string urlencoded(const Fields& fields);

class Client {
 public:
  explicit Client(const RunningSite& site, std::string accept = as_json, bool https = false);

  // A header of `headers` replaces one that the client would send itself: Accept, Origin, Cookie,
  // Content-Type.  One with an empty value is then not sent at all.
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const Headers& headers = {});
  Answer get(const std::string& path, const Headers& headers = {}) {
    return send("GET", path, "", headers);
  }
  // To /actions/NAME, url-encoded.
  Answer post(const std::string& name, const Fields& fields, const Headers& headers = {});

  // Makes an account of this address and is signed in afterwards.
  void sign_up(const std::string& email);
  Answer sign_in(const std::string& email, const std::string& next = "");
  bool signed_in() { return get("/actions/me").body.find("\"user\":{") != std::string::npos; }

  std::string cookie;  // "session=v1…", as it is sent; empty: none

  static constexpr const char* password = "correct horse battery";

 private:
  void keep_cookie(const Answer& answer);

  std::unique_ptr<httplib::Client> http_;
  std::string accept_;
  std::string origin_;
};

// Sends `bytes` as they are to nginx and returns all that comes until the connection ends.
std::string talk(const RunningSite& site, std::string_view bytes);
// The status of such an answer, 0 when there is none.
int status_of(const std::string& answer);

// A connected socket, to nginx or to the pool's own socket.
class Socket {
 public:
  static Socket to_nginx(const RunningSite& site);
  static Socket to_port(int port);
  static Socket to_pool(const RunningSite& site);
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  void send(std::string_view bytes) const;
  void finish_sending() const;
  // Something has come, or the end.
  bool is_readable() const;
  // All three end early when the other side ends it, or stays silent for 15 s.
  std::string receive_all() const;
  std::string receive_until(std::string_view end) const;
  std::string receive(std::size_t size) const;

 private:
  int descriptor_;
};

}  // namespace actiond::http
