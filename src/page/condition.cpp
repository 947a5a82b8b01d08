#include "page/condition.h"

#include <functional>
#include <set>
#include <string_view>

#include "base/encoding.h"

namespace actiond {

std::optional<Condition> condition_of(const Element& element) {
  static const std::set<std::string, std::less<>> without_end{
      "area", "br", "col", "hr", "img", "input", "source", "track", "wbr"};
  std::string_view name = trimmed(element.tag.value("data-if"));
  const bool is_negated = name.starts_with('!');
  if (is_negated) name.remove_prefix(1);
  if (name.empty()) return std::nullopt;
  std::optional<Span> whole;
  if (without_end.contains(element.tag.name))
    whole = element.tag.span;
  else if (element.content && element.end != nowhere)
    whole = Span{element.tag.span.begin, element.end};
  return Condition{std::string(name), is_negated, element.tag, whole};
}

}  // namespace actiond
