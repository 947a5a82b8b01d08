#include "store/answered.h"

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {

bool begin_answer(Transaction& tx, const Address& to, Time now) {
  Sha256 hash;
  hash.add(to_lower(to.text()));
  return tx.change(
             "INSERT INTO answered (hash, at) VALUES (?, ?) ON CONFLICT (hash) "
             "DO UPDATE SET at = excluded.at WHERE answered.at <= ?",
             Blob{std::move(hash).finish()}, now, Time(now - between_answers)) > 0;
}

}  // namespace actiond
