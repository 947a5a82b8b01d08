#include "store/inbox_index.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace actiond {
namespace {

// Of a step, 5 ms for writers to wait; up to a message more.
constexpr int most_messages = 1000;
constexpr std::size_t most_bytes = 100'000;

bool is_behind(Reader& db) {
  return db
      .row<std::int64_t>(
          "SELECT id FROM inbox WHERE id > (SELECT upto FROM inbox_words_upto) LIMIT 1")
      .has_value();
}

struct Words {
  std::int64_t id;
  bool are_searched;
  std::string text;
};

std::vector<Words> next_words(Reader& db) {
  std::vector<Words> next;
  std::size_t bytes = 0;
  db.each_row(
      "SELECT id, is_searched, words FROM inbox WHERE id > (SELECT upto FROM inbox_words_upto) "
      "ORDER BY id LIMIT ?",
      std::array{to_value(most_messages)}, [&](Reader::Row row) {
        next.push_back({from_value<std::int64_t>(row[0]), from_value<bool>(row[1]),
                        from_value<std::string>(row[2])});
        bytes += next.back().text.size();
        return bytes < most_bytes;
      });
  return next;
}

void index_some(Transaction& tx) {
  const std::vector<Words> next = next_words(tx);
  for (const Words& words : next)
    if (words.are_searched)
      tx.add("INSERT INTO inbox_words (rowid, words) VALUES (?, ?)", words.id, words.text);
  // Another thread may have taken them.
  if (!next.empty()) tx.run("UPDATE inbox_words_upto SET upto = ?", next.back().id);
}

}  // namespace

void index_messages(Store& store, int steps) {
  for (int step = 0; step < steps && is_behind(store.reader()); ++step) store.run(index_some);
}

std::int64_t count_unindexed(Reader& db) {
  const auto behind = db.row<std::int64_t>(
      "SELECT coalesce(max(id), 0) - (SELECT upto FROM inbox_words_upto) FROM inbox");
  return std::max<std::int64_t>(std::get<0>(*behind), 0);
}

}  // namespace actiond
