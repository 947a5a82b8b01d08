#include "page/rows.h"

#include <string>
#include <utility>

#include "page/fresh.h"

namespace actiond {
namespace {

std::string filled(std::string_view html, const RepeatedElement& element, const ListRow& row,
                   const Fresh* fresh) {
  Edits edits(html);
  edits.remove(element.tag, "hidden");
  for (const auto& [name, span] : element.texts)
    if (const auto value = row.values.find(name); value != row.values.end())
      edits.write(span, value->second);
  for (const auto& [name, tag] : element.controls)
    if (const auto value = row.values.find(name); value != row.values.end())
      edits.set(tag, "value", value->second);
  static const SentValues none({});
  if (fresh) fill_fresh(element.fresh, *fresh, none, edits);
  return std::move(edits).apply(element.whole);
}

}  // namespace

void show_rows(std::string_view html, const RepeatedElement& element, const List& rows,
               const Fresh* fresh, Edits& edits) {
  if (rows.empty()) return edits.add(element.tag, "hidden");
  std::string markup;
  for (const ListRow& row : rows) markup.append(filled(html, element, row, fresh)).append("\n");
  markup.pop_back();
  edits.replace(element.whole, std::move(markup));
}

}  // namespace actiond
