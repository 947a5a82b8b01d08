#include "page/ids.h"

#include "base/encoding.h"

namespace actiond {

std::string Ids::fresh(std::string_view wish) {
  std::string id;
  for (const char c : wish) {
    const bool is_plain = is_letter_or_digit(c) || c == '-' || c == '_';
    id += is_plain ? c : '-';
  }
  if (id.empty() || !is_letter(id[0])) id = "field-" + id;
  std::size_t& count = counts_[id];
  std::string numbered = count == 0 ? id : id + '-' + std::to_string(count + 1);
  while (!taken_.insert(numbered).second) numbered = id + '-' + std::to_string(++count + 1);
  return numbered;
}

std::string Ids::of(const Tag& tag, std::string_view wish) {
  const std::string_view own = tag.value("id");
  return own.empty() ? fresh(wish) : std::string(own);
}

}  // namespace actiond
