#include "page/condition.h"

#include <functional>
#include <set>
#include <string_view>

#include "base/encoding.h"

namespace actiond {
namespace {

Span with_indentation(std::string_view html, Span element) {
  const std::size_t before = html.find_last_not_of(" \t", element.begin - 1);
  const bool begins_line = element.begin > 0 && before != html.npos && html[before] == '\n';
  const bool ends_line =
      element.end < html.size() && (html[element.end] == '\n' || html[element.end] == '\r');
  return begins_line && ends_line ? Span{before + 1, element.end} : element;
}

}  // namespace

std::optional<ConditionalPart> condition_of(const Element& element, std::string_view html,
                                            const std::function<bool(Span)>& is_in) {
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
  if (whole && is_in(with_indentation(html, *whole))) whole = with_indentation(html, *whole);
  return ConditionalPart{std::string(name), is_negated, element.tag, whole};
}

}  // namespace actiond
