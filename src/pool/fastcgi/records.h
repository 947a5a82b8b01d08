// FastCGI 1.0 records as bytes, without a socket: what a web server sends to a responder, and what
// goes back.  https://fastcgi-archives.github.io/FastCGI_Specification.html
//
// Not libfcgi's: that one reads until a request is whole and has no deadline, so a peer that stops
// in the middle would hold a thread for as long as it likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond {

// nginx reads at most 32 KiB of headers by default.
constexpr std::size_t max_parameter_bytes = 64 * 1024;

// One request at a time, put together from pieces of any size.
class RequestRecords {
 public:
  // Takes the next bytes of the connection.  False when no web server would send them: a record of
  // another version, kind or request than the protocol has here, or parameters beyond the limit.
  [[nodiscard]] bool take(std::string_view bytes);

  bool has_begun() const { return begun_ || header_size_ > 0; }
  bool has_parameters() const { return parameters_ended_; }
  bool has_body() const { return body_ended_; }

  // Name-value pairs, as they came; nothing when they are malformed.
  using Parameters = std::vector<std::pair<std::string_view, std::string_view>>;
  std::optional<Parameters> parameters() const;

  // What of the body has come and was not read yet.
  std::size_t body_bytes() const { return body_.size() - body_read_; }
  std::size_t read_body(char* into, std::size_t size);
  // What is left of the body is taken and dropped.
  void discard_body();

  std::uint16_t id() const { return id_; }
  bool keeps_connection() const { return keep_; }

  // Ready for the next request of the connection.
  void clear() { *this = {}; }

 private:
  bool take_header();
  bool take_content(std::string_view content);
  bool end_record();

  std::array<unsigned char, 8> header_{};
  std::size_t header_size_ = 0;
  std::size_t content_left_ = 0;
  std::size_t padding_left_ = 0;

  std::uint16_t id_ = 0;
  bool begun_ = false;
  bool keep_ = false;
  bool parameters_ended_ = false;
  bool body_ended_ = false;
  bool discards_body_ = false;
  std::string begin_;
  std::string parameters_;
  std::string body_;
  std::size_t body_read_ = 0;
};

// The records of a whole answer, which ends the request `id`.
std::string to_records(std::uint16_t id, std::string_view answer);

}  // namespace actiond
