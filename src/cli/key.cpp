#include <fmt/core.h>

#include "cli/commands.h"
#include "files/key_file.h"
#include "program/program.h"

namespace actiond::command {

void new_key(const Settings& settings) {
  std::vector<Key> keys{KeyRing::new_key(current_time())};
  const std::string id = keys.front().id;
  if (std::filesystem::exists(settings.key_ring)) {
    const KeyRing old = load_key_ring(settings.key_ring);
    keys.insert(keys.end(), old.keys().begin(), old.keys().end());
  }
  save_key_ring(settings.key_ring, KeyRing(std::move(keys)));
  fmt::print("key {} signs new sessions from the next reload on\n", id);
}

void list_keys(const Settings& settings) {
  const KeyRing keys = load_key_ring(settings.key_ring);
  for (const Key& key : keys.keys())
    fmt::print("{}\t{}\t{}\n", key.id, &key == &keys.signing() ? "signs and verifies" : "verifies",
               key.made ? "made " + to_rfc3339(*key.made) : "of unknown age");
}

void drop_key(const Settings& settings, const std::string& id) {
  const KeyRing old = load_key_ring(settings.key_ring);
  if (old.find(id) == nullptr) throw std::runtime_error("there is no key " + id);
  std::vector<Key> keys = old.keys();
  std::erase_if(keys, [&id](const Key& key) { return key.id == id; });
  save_key_ring(settings.key_ring, KeyRing(std::move(keys)));
  fmt::print("key {} dropped: from the next reload on, sessions that it signed are over\n", id);
}

}  // namespace actiond::command
