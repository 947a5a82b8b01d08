#include "doctor/http.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>

#include "base/descriptor.h"
#include "base/encoding.h"

namespace actiond::doctor {
namespace {

constexpr timeval patience{.tv_sec = 10, .tv_usec = 0};
constexpr std::size_t max_answer_bytes = 4 * 1024 * 1024;

struct Free {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

Descriptor connect_to(const Origin& origin) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = getaddrinfo(origin.host.c_str(), origin.port.c_str(), &hints, &found))
    throw NoAnswer(gai_strerror(code));
  const std::unique_ptr<addrinfo, Free> list(found);
  int error = 0;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    Descriptor made(socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol));
    if (!made) continue;
    setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(made.get(), at->ai_addr, at->ai_addrlen) == 0) return made;
    error = errno;
  }
  throw NoAnswer(std::strerror(error));
}

class Connected {
 public:
  explicit Connected(const Origin& origin) : descriptor_(connect_to(origin)) {
    std::signal(SIGPIPE, SIG_IGN);
    if (origin.https) start_tls(origin);
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const int size = static_cast<int>(bytes.size());
      const ssize_t sent = tls_ ? SSL_write(tls_.get(), bytes.data(), size)
                                : ::send(descriptor_.get(), bytes.data(), bytes.size(), 0);
      if (sent <= 0) throw NoAnswer("the connection ends while the request is sent");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Nothing at the end, or after ten seconds of silence.
  std::string read() {
    std::array<char, 16384> piece;
    const ssize_t read = tls_ ? SSL_read(tls_.get(), piece.data(), piece.size())
                              : recv(descriptor_.get(), piece.data(), piece.size(), 0);
    return {piece.data(), static_cast<std::size_t>(read > 0 ? read : 0)};
  }
  void describe_certificate(HttpAnswer& answer) const {
    if (!tls_) return;
    if (const long result = SSL_get_verify_result(tls_.get()); result != X509_V_OK)
      answer.certificate_trouble = X509_verify_cert_error_string(result);
    const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(tls_.get()));
    int days = 0, seconds = 0;
    if (certificate &&
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) == 1)
      answer.certificate_days = days;
  }

 private:
  void start_tls(const Origin& origin) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_default_verify_paths(context_.get());
    tls_.reset(SSL_new(context_.get()));
    SSL_set_fd(tls_.get(), descriptor_.get());
    X509_VERIFY_PARAM* names = SSL_get0_param(tls_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(names, origin.host.c_str()) != 1) {
      SSL_set1_host(tls_.get(), origin.host.c_str());
      SSL_set_tlsext_host_name(tls_.get(), origin.host.c_str());
    }
    ERR_clear_error();
    if (SSL_connect(tls_.get()) == 1) return;
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    throw NoAnswer(std::string("no TLS: ") + (reason ? reason : "the connection ends"));
  }

  const Descriptor descriptor_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> tls_;
};

std::string head(const Origin& origin, std::string_view method, std::string_view path,
                 const HttpHeaders& headers) {
  std::string text(method);
  text.append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(origin.authority);
  text.append("\r\nUser-Agent: actiond-doctor\r\nConnection: close\r\n");
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

std::string_view cut_line(std::string_view& text) {
  const std::size_t end = std::min(text.find("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return line;
}

int read_status(std::string_view line) {
  int status = 0;
  if (line.starts_with("HTTP/1.") && line.size() >= 12)
    std::from_chars(line.data() + 9, line.data() + 12, status);
  return status;
}

// RFC 9112 section 7.1; extensions and trailers are passed over.
std::string from_chunks(std::string_view text) {
  std::string body;
  while (!text.empty()) {
    const std::string_view line = cut_line(text);
    std::size_t size = 0;
    std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (size == 0) break;
    body += text.substr(0, size);
    text.remove_prefix(std::min(size + 2, text.size()));
  }
  return body;
}

}  // namespace

Origin::Origin(std::string_view from) : https(from.starts_with("https://")), text(from) {
  from.remove_prefix(https ? 8 : 7);
  authority = from;
  const std::size_t bracket = from.starts_with('[') ? from.find(']') : 0;
  const std::size_t colon = from.find(':', bracket);
  host = from.substr(0, colon);
  if (bracket != 0) host = host.substr(1, bracket - 1);
  port = colon == from.npos ? (https ? "443" : "80") : from.substr(colon + 1);
}

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [each, value] : headers)
    if (each == name) return value;
  return {};
}

HttpAnswer send(const Origin& origin, std::string_view method, std::string_view path,
                const HttpHeaders& headers, std::string_view body) {
  Connected connection(origin);
  connection.write(head(origin, method, path, headers).append(body));
  std::string all;
  for (std::string piece; all.size() < max_answer_bytes && !(piece = connection.read()).empty();)
    all += piece;
  HttpAnswer answer;
  std::string_view rest = all;
  answer.status = read_status(cut_line(rest));
  if (answer.status == 0) throw NoAnswer("what answers does not speak HTTP, or too slowly");
  for (std::string_view line; !(line = cut_line(rest)).empty();) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view value = line.substr(std::min(colon + 1, line.size()));
    answer.headers.emplace_back(to_lower(line.substr(0, colon)), trimmed(value));
  }
  answer.body = answer.header("transfer-encoding") == "chunked" ? from_chunks(rest) : rest;
  connection.describe_certificate(answer);
  return answer;
}

int status_for_body(const Origin& origin, std::string_view path, std::size_t bytes) {
  Connected connection(origin);
  connection.write(head(origin, "POST", path,
                        {{"Origin", origin.text},
                         {"Content-Type", "multipart/form-data; boundary=x"},
                         {"Content-Length", std::to_string(bytes)},
                         {"Expect", "100-continue"}}));
  const std::string start = connection.read();
  std::string_view rest = start;
  const int status = read_status(cut_line(rest));
  if (status == 0) throw NoAnswer("nothing comes before the body");
  return status;
}

}  // namespace actiond::doctor
