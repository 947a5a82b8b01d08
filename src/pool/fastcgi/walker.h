// The walk over FastCGI record headers that comes before libfcgi reads a request.
// https://fastcgi-archives.github.io/FastCGI_Specification.html
//
// libfcgi waits for bytes that have not come, and believes the lengths that it is told.  A request
// that this has found whole, it reads without waiting and within the bounds below.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace actiond {

// Names and values of one request together; nginx puts them into one record, so it sends no more.
constexpr std::size_t max_parameter_bytes = 64 * 1024;

// Name-value pairs, section 3.4, in pieces of any size.
class PairWalker {
 public:
  // False for a length beyond `max_parameter_bytes`, a NUL, or a '=' in a name: libfcgi hands each
  // pair on as the C string NAME=value.
  [[nodiscard]] bool walk(std::string_view content);

  bool is_between_pairs() const { return lengths_known_ == 0 && length_bytes_left_ == 0; }

 private:
  bool take_length_byte(unsigned char byte);

  int lengths_known_ = 0;  // of the two of a pair
  int length_bytes_left_ = 0;
  std::size_t length_ = 0;
  std::size_t name_left_ = 0;
  std::size_t value_left_ = 0;
};

// One request at a time, in pieces of any size.  Keeps nothing of what it sees.
class RequestWalker {
 public:
  // Takes the next bytes of the connection.  False when no web server sends them: a record of
  // another version, type or request than is due, parameters out of bounds, bytes behind the end.
  [[nodiscard]] bool walk(std::string_view bytes);

  bool has_begun() const { return begun_ || header_size_ > 0; }
  bool has_parameters() const { return parameters_ended_; }
  bool is_whole() const { return body_ended_; }

  // Of the body, as far as it was walked.
  std::size_t body_bytes() const { return body_bytes_; }
  bool keeps_connection() const { return keeps_connection_; }

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
  std::array<unsigned char, 8> begin_{};
  std::size_t begin_size_ = 0;
  PairWalker pairs_;
  std::size_t parameter_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  bool begun_ = false;
  bool keeps_connection_ = false;
  bool parameters_ended_ = false;
  bool body_ended_ = false;
};

}  // namespace actiond
