#include "pool/fastcgi/records.h"

#include <algorithm>

#include "base/wipe.h"

namespace actiond {
namespace {

constexpr unsigned char version = 1;
constexpr unsigned char responder = 1;
constexpr unsigned char keep_connection = 1;
constexpr std::size_t begin_bytes = 8;
constexpr std::size_t max_content = 65528;  // of a record that goes out: a multiple of 8 below 2^16

enum Type : unsigned char { begin_request = 1, end_request = 3, params = 4, in = 5, out = 6 };

void append_header(std::string& records, Type type, std::uint16_t id, std::size_t length) {
  records += {static_cast<char>(version),
              static_cast<char>(type),
              static_cast<char>(id >> 8),
              static_cast<char>(id & 0xFF),
              static_cast<char>(length >> 8),
              static_cast<char>(length & 0xFF),
              0,
              0};
}

// A length of section 3.4: one byte, or four with the highest bit set.  Takes it off `pairs`.
std::optional<std::size_t> take_length(std::string_view& pairs) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(pairs[at]));
  };
  if (pairs.empty()) return std::nullopt;
  const std::size_t bytes = byte(0) < 128 ? 1 : 4;
  if (pairs.size() < bytes) return std::nullopt;
  const std::size_t length =
      bytes == 1 ? byte(0) : (byte(0) & 0x7F) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
  pairs.remove_prefix(bytes);
  return length;
}

}  // namespace

bool RequestRecords::take(std::string_view bytes) {
  while (!bytes.empty()) {
    if (header_size_ < header_.size()) {
      header_[header_size_++] = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      if (header_size_ == header_.size() && !take_header()) return false;
    } else if (content_left_ > 0) {
      const std::string_view content = bytes.substr(0, content_left_);
      bytes.remove_prefix(content.size());
      content_left_ -= content.size();
      if (!take_content(content)) return false;
    } else {
      const std::size_t padding = std::min(bytes.size(), padding_left_);
      bytes.remove_prefix(padding);
      padding_left_ -= padding;
    }
    const bool whole = header_size_ == header_.size() && content_left_ == 0 && padding_left_ == 0;
    if (whole && !end_record()) return false;
  }
  return true;
}

bool RequestRecords::take_header() {
  const auto number = [this](std::size_t at) {
    return static_cast<std::uint16_t>(header_[at] << 8 | header_[at + 1]);
  };
  if (header_[0] != version || body_ended_) return false;
  content_left_ = number(4);
  padding_left_ = header_[6];
  switch (header_[1]) {
    case begin_request:
      if (begun_ || content_left_ != begin_bytes) return false;
      begun_ = true;
      id_ = number(2);
      return true;
    case params: return begun_ && !parameters_ended_ && number(2) == id_;
    case in: return parameters_ended_ && number(2) == id_;
    default: return false;
  }
}

bool RequestRecords::take_content(std::string_view content) {
  switch (header_[1]) {
    case begin_request: begin_ += content; return true;
    case params: parameters_ += content; return parameters_.size() <= max_parameter_bytes;
    default:
      if (!discards_body_) body_ += content;
      return true;
  }
}

bool RequestRecords::end_record() {
  const bool empty = header_[4] == 0 && header_[5] == 0;
  header_size_ = 0;
  if (header_[1] == begin_request) {
    keep_ = (static_cast<unsigned char>(begin_[2]) & keep_connection) != 0;
    return begin_[0] == 0 && begin_[1] == responder;
  }
  // A stream ends with an empty record.
  if (empty) (header_[1] == params ? parameters_ended_ : body_ended_) = true;
  return true;
}

std::optional<RequestRecords::Parameters> RequestRecords::parameters() const {
  Parameters all;
  for (std::string_view rest = parameters_; !rest.empty();) {
    const auto name = take_length(rest);
    const auto value = name ? take_length(rest) : std::nullopt;
    if (!value || *name > rest.size() || *value > rest.size() - *name) return std::nullopt;
    all.emplace_back(rest.substr(0, *name), rest.substr(*name, *value));
    rest.remove_prefix(*name + *value);
  }
  return all;
}

std::size_t RequestRecords::read_body(char* into, std::size_t size) {
  const std::size_t read = body_.copy(into, size, body_read_);
  body_read_ += read;
  if (body_read_ == body_.size()) {
    wipe(body_);
    body_read_ = 0;
  }
  return read;
}

void RequestRecords::discard_body() {
  discards_body_ = true;
  wipe(body_);
  body_read_ = 0;
}

std::string to_records(std::uint16_t id, std::string_view answer) {
  std::string records;
  records.reserve(answer.size() + 64);
  while (!answer.empty()) {
    const std::string_view content = answer.substr(0, max_content);
    answer.remove_prefix(content.size());
    append_header(records, out, id, content.size());
    records += content;
  }
  append_header(records, out, id, 0);
  append_header(records, end_request, id, begin_bytes);
  return records.append(begin_bytes, '\0');  // exit status 0, FCGI_REQUEST_COMPLETE
}

}  // namespace actiond
