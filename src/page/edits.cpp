#include "page/edits.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/encoding.h"

namespace actiond {

void Edits::insert(std::size_t at, std::string markup) {
  changes_.push_back({{at, at}, std::move(markup)});
}

void Edits::replace(Span span, std::string markup) {
  changes_.push_back({span, std::move(markup)});
}

void Edits::write(Span span, std::string_view text) { changes_.push_back({span, to_html(text)}); }

void Edits::set(const Tag& tag, std::string_view attribute, std::string_view value) {
  const Attribute* written = tag.find(attribute);
  if (written && written->value == value) return;
  if (written) {
    changes_.push_back({{written->name_span.end, written->span.end}, to_html(value), "=\"", "\""});
    return;
  }
  // Behind the tag's name, not before its '>': there `name=` or `name=a/` would swallow it.
  changes_.push_back(
      {{tag.name_end, tag.name_end}, to_html(value), ' ' + std::string(attribute) + "=\"", "\""});
}

void Edits::add(const Tag& tag, std::string_view attribute) {
  if (!tag.has(attribute)) insert(tag.name_end, ' ' + std::string(attribute));
}

void Edits::remove(const Tag& tag, std::string_view attribute) {
  for (const Attribute& written : tag.attributes)
    if (written.name == attribute) remove(written);
}

void Edits::remove(const Attribute& attribute) {
  Span span = attribute.span;
  std::size_t next = span.end;
  while (is_html_space(html_[next])) ++next;
  // `a checked="" =b` has an attribute `=b`; without a slash it would become the value of `a`.
  if (html_[next] == '=') {
    changes_.push_back({span, "/"});
    return;
  }
  // The space before goes too, unless it is all that parts the neighbours: `a=b checked/>`.
  if (next > span.end || html_[next] == '>')
    while (is_html_space(html_[span.begin - 1])) --span.begin;
  changes_.push_back({span, {}});
}

std::string Edits::apply(Span part) && {
  std::ranges::stable_sort(changes_, {}, [](const Change& change) {
    return std::tuple(change.span.begin, change.span.end);
  });
  std::size_t size = part.end - part.begin;
  for (const Change& change : changes_) size += change.size();
  std::string text;
  text.reserve(size);
  std::size_t copied = part.begin;
  for (const Change& change : changes_) {
    if (change.span.begin < copied) continue;
    text += html_.substr(copied, change.span.begin - copied);
    text.append(change.before).append(change.markup).append(change.behind);
    copied = change.span.end;
  }
  text += html_.substr(copied, part.end - copied);
  return text;
}

}  // namespace actiond
