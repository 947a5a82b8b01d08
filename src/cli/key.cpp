#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/program.h"
#include "store/key_file.h"

namespace actiond {
namespace {

void make_key(const std::filesystem::path& file) {
  std::vector<Key> keys{KeyRing::new_key(current_time())};
  const std::string id = keys.front().id;
  if (std::filesystem::exists(file)) {
    const KeyRing old = load_key_ring(file);
    keys.insert(keys.end(), old.keys().begin(), old.keys().end());
  }
  save_key_ring(file, KeyRing(std::move(keys)));
  fmt::print("key {} signs new sessions from the next reload on\n", id);
}

void drop_key(const std::filesystem::path& file, const std::string& id) {
  const KeyRing old = load_key_ring(file);
  if (old.find(id) == nullptr) throw std::runtime_error("there is no key " + id);
  std::vector<Key> keys = old.keys();
  std::erase_if(keys, [&id](const Key& key) { return key.id == id; });
  save_key_ring(file, KeyRing(std::move(keys)));
  fmt::print("key {} dropped: from the next reload on, sessions that it signed are over\n", id);
}

}  // namespace

void add_key(CLI::App& app, const SettingsFile& settings) {
  CLI::App* key = app.add_subcommand("key", "The keys that sign sessions");
  key->require_subcommand(1);

  key->add_subcommand("new", "Make a key that signs from now on; the older ones still verify")
      ->callback([&settings] { make_key(settings.load().key_ring); });

  key->add_subcommand("list", "The ids and times of the keys, the signing one first")
      ->callback([&settings] {
        const KeyRing keys = load_key_ring(settings.load().key_ring);
        for (const Key& each : keys.keys())
          fmt::print("{}\t{}\t{}\n", each.id,
                     &each == &keys.signing() ? "signs and verifies" : "verifies",
                     each.made ? "made " + to_rfc3339(*each.made) : "of unknown age");
      });

  const auto id = std::make_shared<std::string>();
  CLI::App* drop = key->add_subcommand("drop", "Forget a key");
  drop->add_option("ID", *id, "The key's id")->required();
  drop->callback([&settings, id] { drop_key(settings.load().key_ring, *id); });
}

}  // namespace actiond
