#include "page/rows.h"

#include <string>
#include <utility>

namespace actiond {
namespace {

std::string filled(std::string_view html, const RepeatedElement& element, const ListRow& row) {
  Edits edits(html);
  edits.remove(element.tag, "hidden");
  for (const auto& [name, span] : element.texts)
    if (const auto value = row.find(name); value != row.end()) edits.write(span, value->second);
  for (const auto& [name, tag] : element.controls)
    if (const auto value = row.find(name); value != row.end())
      edits.set(tag, "value", value->second);
  return std::move(edits).apply(element.whole);
}

}  // namespace

void show_rows(std::string_view html, const RepeatedElement& element, const List& rows,
               Edits& edits) {
  if (rows.empty()) return edits.add(element.tag, "hidden");
  std::string markup;
  for (const ListRow& row : rows) markup.append(filled(html, element, row)).append("\n");
  markup.pop_back();
  edits.replace(element.whole, std::move(markup));
}

}  // namespace actiond
