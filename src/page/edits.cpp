#include "page/edits.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::size_t least_block = 2048;
constexpr std::size_t most_added = 5;  // to a character, by "&quot;"

// No less than `text` has in HTML.
std::size_t html_size(std::string_view text) {
  const auto references = std::ranges::count_if(text, needs_reference);
  return text.size() + most_added * static_cast<std::size_t>(references);
}

}  // namespace

void Edits::replace(Span span, std::string_view markup) {
  std::string& block = room(markup.size());
  const std::size_t begin = block.size();
  change(span, block.append(markup), begin);
}

void Edits::write(Span span, std::string_view text) {
  std::string& block = room(html_size(text));
  const std::size_t begin = block.size();
  append_html(block, text);
  change(span, block, begin);
}

void Edits::set(const Tag& tag, std::string_view attribute, std::string_view value) {
  const Attribute* written = tag.find(attribute);
  if (written && written->value == value) return;
  std::string& block = room(attribute.size() + html_size(value) + std::size(" =\"\""));
  const std::size_t begin = block.size();
  // A new one behind the tag's name, not before its '>': there `name=` or `name=a/` would swallow
  // it.
  if (!written) block.append(" ").append(attribute);
  block.append("=\"");
  append_html(block, value);
  block.append("\"");
  change(
      written ? Span{written->name_span.end, written->span.end} : Span{tag.name_end, tag.name_end},
      block, begin);
}

void Edits::add(const Tag& tag, std::string_view attribute) {
  if (tag.has(attribute)) return;
  std::string& block = room(attribute.size() + 1);
  const std::size_t begin = block.size();
  change({tag.name_end, tag.name_end}, block.append(" ").append(attribute), begin);
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
    replace(span, "/");
    return;
  }
  // The space before goes too, unless it is all that parts the neighbours: `a=b checked/>`.
  if (next > span.end || html_[next] == '>')
    while (is_html_space(html_[span.begin - 1])) --span.begin;
  replace(span, {});
}

std::string Edits::apply() {
  std::string text;
  apply({0, html_.size()}, text);
  return text;
}

void Edits::apply(Span part, std::string& text) {
  std::ranges::sort(changes_, {}, [](const Change& one) {
    return std::tuple(one.span.begin, one.span.end, one.order);
  });
  std::size_t size = text.size() + part.end - part.begin;
  for (const Change& one : changes_) size += one.markup.size();
  text.reserve(size);
  std::size_t copied = part.begin;
  for (const Change& one : changes_) {
    if (one.span.begin < copied) continue;
    text.append(html_, copied, one.span.begin - copied).append(one.markup);
    copied = one.span.end;
  }
  text.append(html_, copied, part.end - copied);
  changes_.clear();
  blocks_.resize(std::min<std::size_t>(blocks_.size(), 1));
  if (!blocks_.empty()) blocks_.front().clear();
}

std::string& Edits::room(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < bytes)
    blocks_.emplace_back().reserve(std::max(bytes, least_block));
  return blocks_.back();
}

}  // namespace actiond
