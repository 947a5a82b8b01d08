#include "access/key_ring.h"

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::size_t min_secret_bytes = 32;
// Of 32 random bytes about 30 differ, and fewer than 16 never will; a sentence, a sample or a
// repeated word stays below or is plain text.
constexpr std::size_t min_distinct_bytes = 16;
constexpr std::string_view made_mark = "# made ";
constexpr std::string_view signs_mark = "# signs from ";

void require_id(std::string_view id) {
  const bool good = !id.empty() && id.size() <= 16 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
  if (!good) throw WeakKey("a key id is 1 to 16 of a-z and 0-9");
}

// 00 01 02 …, or any other row of equal steps.
bool is_count(std::string_view bytes) {
  const auto step = [bytes](std::size_t at) {
    return static_cast<unsigned char>(bytes[at] - bytes[at - 1]);
  };
  for (std::size_t at = 2; at < bytes.size(); ++at)
    if (step(at) != step(1)) return false;
  return true;
}

void require_strong(const Key& key) {
  require_id(key.id);
  const std::string name = "key " + key.id;
  if (key.secret.size() < min_secret_bytes)
    throw WeakKey(name + " is short: " + std::to_string(key.secret.size()) + " bytes, at least " +
                  std::to_string(min_secret_bytes) + " are needed");
  const std::set<char> distinct(key.secret.begin(), key.secret.end());
  const bool printable = std::all_of(key.secret.begin(), key.secret.end(),
                                     [](char c) { return c >= ' ' && c <= '~'; });
  if (distinct.size() < min_distinct_bytes || printable || is_count(key.secret))
    throw WeakKey(name + " is a sample, not random bytes");
}

}  // namespace

KeyRing::KeyRing(std::vector<Key> keys) : keys_(std::move(keys)) {
  if (keys_.empty()) throw WeakKey("the key ring holds no key");
  std::set<std::string_view> ids;
  for (const Key& key : keys_) {
    require_strong(key);
    if (!ids.insert(key.id).second) throw WeakKey("key " + key.id + " is there twice");
  }
  if (std::ranges::all_of(keys_, [](const Key& key) { return key.signs_from.has_value(); }))
    throw WeakKey("every key of the ring signs later, and none now");
}

KeyRing KeyRing::parse(std::string_view text) {
  std::vector<Key> keys;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = trimmed(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
    if (line.starts_with(made_mark) && !keys.empty())
      keys.back().made = from_rfc3339(line.substr(made_mark.size()));
    if (line.starts_with(signs_mark) && !keys.empty()) {
      keys.back().signs_from = from_rfc3339(line.substr(signs_mark.size()));
      if (!keys.back().signs_from)
        throw WeakKey("line " + std::to_string(line_number) + " says no time to sign from");
    }
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t space = line.find(' ');
    const std::string_view secret = space == line.npos ? "" : trimmed(line.substr(space));
    const auto bytes = from_base64url(secret);
    if (secret.empty() || !bytes)
      throw WeakKey("line " + std::to_string(line_number) + " is not \"ID SECRET\" in base64url");
    keys.push_back({std::string(line.substr(0, space)), *bytes});
  }
  return KeyRing(std::move(keys));
}

Key KeyRing::new_key(std::optional<Time> now) {
  std::string id;
  for (const char byte : random_bytes(6))
    id += "abcdefghijklmnopqrstuvwxyz234567"[static_cast<unsigned char>(byte) % 32];
  return {id, random_bytes(min_secret_bytes), now};
}

std::string KeyRing::text() const {
  std::string text;
  for (const Key& key : keys_) {
    text += key.id + " " + to_base64url(key.secret) + "\n";
    if (key.made) text.append(made_mark).append(to_rfc3339(*key.made)).append("\n");
    if (key.signs_from) text.append(signs_mark).append(to_rfc3339(*key.signs_from)).append("\n");
  }
  return text;
}

const Key& KeyRing::signing() const {
  const auto signs = [this](const Key& key) {
    return !key.signs_from || (clock_ && *key.signs_from <= clock_());
  };
  return *std::find_if(keys_.begin(), keys_.end(), signs);
}

const Key* KeyRing::find(std::string_view id) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [id](const Key& key) { return key.id == id; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace actiond
