#include "files/kept_files.h"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::size_t random_name_bytes = 16;

}  // namespace

bool is_kept_name(std::string_view name) {
  const std::string_view stem = name.substr(0, name.find('.'));
  const std::string_view extension = name.substr(std::min(stem.size() + 1, name.size()));
  return from_base64url(stem).value_or("").size() == random_name_bytes && !extension.empty() &&
         std::all_of(extension.begin(), extension.end(),
                     [](char c) { return c >= 'a' && c <= 'z'; });
}

KeptFiles::~KeptFiles() {
  for (const std::string& name : committed_ ? discarded_ : kept_) folder_->remove(name);
}

std::string KeptFiles::keep(const File& file) {
  std::string name = to_base64url(random_bytes(random_name_bytes)) + ".";
  name += extension_of(file.type);
  kept_.reserve(kept_.size() + 1);
  folder().link(*file.bytes, name);
  kept_.push_back(name);
  return name;
}

void KeptFiles::discard(std::string_view name) {
  folder();
  if (!is_kept_name(name)) throw std::invalid_argument("no kept file has such a name");
  discarded_.emplace_back(name);
}

void KeptFiles::undo() noexcept {
  for (const std::string& name : kept_) folder_->remove(name);
  kept_.clear();
  discarded_.clear();
}

const UploadFolder& KeptFiles::folder() const {
  if (folder_ == nullptr) throw std::logic_error("there is no folder for uploads here");
  return *folder_;
}

}  // namespace actiond
