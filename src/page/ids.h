// Ids for elements that need one.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "page/tag.h"

namespace actiond {

class Ids {
 public:
  // `taken`: the ids that the page has.
  explicit Ids(std::set<std::string> taken) : taken_(std::move(taken)) {}

  // `wish`, made an id that can stand in a list of ids, with a number when it is taken.
  std::string fresh(std::string_view wish);
  // The tag's own, if it has one.
  std::string of(const Tag& tag, std::string_view wish);

 private:
  std::set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> counts_;
};

}  // namespace actiond
