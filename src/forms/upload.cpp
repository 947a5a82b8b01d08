#include "forms/upload.h"

#include <utility>

namespace actiond {

Upload::Upload(std::string name, std::size_t max_bytes, NewFileBytes new_bytes)
    : max_bytes_(max_bytes), new_bytes_(std::move(new_bytes)) {
  file_.name = std::move(name);
}

void Upload::add(std::string_view piece) {
  if (piece.empty()) return;
  file_.size += piece.size();
  head_.append(piece.substr(0, sniffed_bytes - head_.size()));
  if (file_.size > max_bytes_) return file_.bytes.reset();
  if (!file_.bytes) file_.bytes = new_bytes_();
  file_.bytes->append(piece);
  digest_.add(piece);
}

std::optional<File> Upload::finish() && {
  if (file_.size == 0 && file_.name.empty()) return std::nullopt;
  file_.type = sniffed_type(head_);
  file_.digest = std::move(digest_).finish();
  return std::move(file_);
}

}  // namespace actiond
