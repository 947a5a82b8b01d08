#include <fmt/core.h>

#include "base/program_name.h"
#include "cli/commands.h"
#include "cli/grants.h"
#include "files/key_file.h"
#include "program/program.h"

namespace actiond::command {
namespace {

// A key whose time has come is one like the others.
std::vector<Key> present_keys(const Settings& settings) {
  std::vector<Key> keys = load_key_ring(settings.key_ring).keys();
  for (Key& key : keys)
    if (key.signs_from && *key.signs_from <= current_time()) key.signs_from.reset();
  return keys;
}

}  // namespace

void new_key(const Settings& settings, const std::string& from) {
  std::vector<Key> keys{KeyRing::new_key(current_time())};
  const std::string id = keys.front().id;
  std::string when = "the next reload";
  if (!from.empty()) {
    // A date alone ends an access with its last second; a key begins with its first.
    const bool is_date = date_from_rfc3339(from).has_value();
    const Time start = read_time("--from", is_date ? from + "T00:00:00Z" : from);
    if (start <= current_time()) throw WrongUsage("--from", "takes a time that is yet to come");
    keys.front().signs_from = start;
    when = to_rfc3339(start);
  }
  if (std::filesystem::exists(settings.key_ring)) {
    const std::vector<Key> old = present_keys(settings);
    keys.insert(keys.end(), old.begin(), old.end());
  }
  save_key_ring(settings.key_ring, KeyRing(std::move(keys)));
  fmt::print("key {} signs new sessions from {} on\n", id, when);
}

void list_keys(const Settings& settings) {
  const KeyRing keys(present_keys(settings));
  for (const Key& key : keys.keys()) {
    const std::string does = key.signs_from
                                 ? "verifies, and signs from " + to_rfc3339(*key.signs_from)
                             : key.id == keys.signing().id ? "signs and verifies"
                                                           : "verifies";
    fmt::print("{}\t{}\t{}\n", key.id, does,
               key.made ? "made " + to_rfc3339(*key.made) : "of unknown age");
  }
}

void drop_key(const Settings& settings, const std::string& id) {
  std::vector<Key> keys = present_keys(settings);
  if (std::erase_if(keys, [&id](const Key& key) { return key.id == id; }) == 0)
    throw std::runtime_error("there is no key " + id);
  if (keys.empty())
    throw std::runtime_error(
        fmt::format("{} is the only key: first make another with {}", id, in_shell("key new")));
  save_key_ring(settings.key_ring, KeyRing(std::move(keys)));
  fmt::print("key {} dropped: from the next reload on, sessions that it signed are over\n", id);
}

}  // namespace actiond::command
