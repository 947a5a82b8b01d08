#include "pool/fastcgi/walker.h"

#include <fastcgi.h>

#include <algorithm>

namespace actiond {

bool PairWalker::walk(std::string_view content) {
  while (!content.empty()) {
    if (lengths_known_ < 2) {
      if (!take_length_byte(static_cast<unsigned char>(content.front()))) return false;
      content.remove_prefix(1);
      continue;
    }
    const bool is_name = name_left_ > 0;
    std::size_t& left = is_name ? name_left_ : value_left_;
    const std::string_view piece = content.substr(0, left);
    if (piece.find('\0') != piece.npos || (is_name && piece.find('=') != piece.npos)) return false;
    left -= piece.size();
    content.remove_prefix(piece.size());
    if (name_left_ + value_left_ == 0) lengths_known_ = 0;
  }
  return true;
}

// One byte says a length below 128; else the highest bit is set, and three more follow.
bool PairWalker::take_length_byte(unsigned char byte) {
  if (length_bytes_left_ == 0 && byte >= 128) {
    length_ = byte & 0x7F;
    length_bytes_left_ = 3;
    return true;
  }
  if (length_bytes_left_ == 0) {
    length_ = byte;
  } else {
    length_ = length_ << 8 | byte;
    if (--length_bytes_left_ > 0) return true;
  }
  if (length_ > max_parameter_bytes) return false;
  (lengths_known_ == 0 ? name_left_ : value_left_) = length_;
  ++lengths_known_;
  if (lengths_known_ == 2 && name_left_ + value_left_ == 0) lengths_known_ = 0;
  return true;
}

bool RequestWalker::walk(std::string_view bytes) {
  while (!bytes.empty()) {
    if (header_size_ < header_.size()) {
      const std::size_t taken = std::min(bytes.size(), header_.size() - header_size_);
      std::copy_n(bytes.begin(), taken, header_.begin() + header_size_);
      header_size_ += taken;
      bytes.remove_prefix(taken);
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
    const bool is_record =
        header_size_ == header_.size() && content_left_ == 0 && padding_left_ == 0;
    if (is_record && !end_record()) return false;
  }
  return true;
}

bool RequestWalker::take_header() {
  const auto number = [this](std::size_t at) {
    return static_cast<std::uint16_t>(header_[at] << 8 | header_[at + 1]);
  };
  if (header_[0] != FCGI_VERSION_1 || body_ended_) return false;
  content_left_ = number(4);
  padding_left_ = header_[6];
  // libfcgi does not skip the padding of a record that begins a request or ends a stream.
  const bool may_be_padded = header_[1] != FCGI_BEGIN_REQUEST && content_left_ > 0;
  if (padding_left_ > 0 && !may_be_padded) return false;
  switch (header_[1]) {
    case FCGI_BEGIN_REQUEST:
      if (begun_ || content_left_ != begin_.size()) return false;
      begun_ = true;
      id_ = number(2);
      return id_ != FCGI_NULL_REQUEST_ID;
    case FCGI_PARAMS: return begun_ && !parameters_ended_ && number(2) == id_;
    case FCGI_STDIN: return parameters_ended_ && number(2) == id_;
    default: return false;
  }
}

bool RequestWalker::take_content(std::string_view content) {
  switch (header_[1]) {
    case FCGI_BEGIN_REQUEST:
      std::copy(content.begin(), content.end(), begin_.begin() + begin_size_);
      begin_size_ += content.size();
      return true;
    case FCGI_PARAMS:
      parameter_bytes_ += content.size();
      return parameter_bytes_ <= max_parameter_bytes && pairs_.walk(content);
    default: body_bytes_ += content.size(); return true;
  }
}

bool RequestWalker::end_record() {
  const bool is_empty = header_[4] == 0 && header_[5] == 0;
  header_size_ = 0;
  if (header_[1] == FCGI_BEGIN_REQUEST) {
    keeps_connection_ = (begin_[2] & FCGI_KEEP_CONN) != 0;
    return begin_[0] == 0 && begin_[1] == FCGI_RESPONDER;
  }
  if (!is_empty) return true;
  // A stream ends with an empty record.
  if (header_[1] == FCGI_STDIN) return body_ended_ = true;
  parameters_ended_ = true;
  return pairs_.is_between_pairs();
}

}  // namespace actiond
