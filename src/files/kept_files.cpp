#include "files/kept_files.h"

#include <fmt/format.h>

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
  for (const Kept& kept : kept_)
    if (!committed_ || kept.is_undone) folder_->remove(kept.name);
  if (committed_)
    for (const std::string& name : discarded_) folder_->remove(name);
}

std::string KeptFiles::keep(const File& file) {
  const std::string ending = fmt::format(".{}", extension_of(file.type));
  // The same bytes may have names of several types.
  const auto before = std::ranges::find_if(kept_, [&](const Kept& kept) {
    return kept.is_undone && kept.bytes == file.bytes && kept.name.ends_with(ending);
  });
  if (before != kept_.end()) {
    before->is_undone = false;
    return before->name;
  }
  std::string name = to_base64url(random_bytes(random_name_bytes)) + ending;
  kept_.reserve(kept_.size() + 1);
  folder().link(*file.bytes, name);
  kept_.push_back({file.bytes, name, false});
  return name;
}

bool KeptFiles::has_kept() const {
  return std::ranges::any_of(kept_, [](const Kept& kept) { return !kept.is_undone; });
}

void KeptFiles::discard(std::string_view name) {
  folder();
  if (!is_kept_name(name)) throw std::invalid_argument("no kept file has such a name");
  discarded_.emplace_back(name);
}

void KeptFiles::undo() noexcept {
  for (Kept& kept : kept_) kept.is_undone = true;
  discarded_.clear();
}

const UploadFolder& KeptFiles::folder() const {
  if (folder_ == nullptr) throw std::logic_error("there is no folder for uploads here");
  return *folder_;
}

}  // namespace actiond
