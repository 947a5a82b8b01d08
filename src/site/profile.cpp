#include "action/declare.h"
#include "site/actions.h"

namespace actiond::site {
namespace {

struct Profile {
  std::string name;
  std::string website;
  std::optional<File> avatar = {};  // none sent: the old one stays
};

const Form<Profile> form{
    "profile.html",
    {
        {"name", &Profile::name, {.required = true, .max = 60, .one_line = true}},
        {"website", &Profile::website, {.format = Format::Url}},
        {"avatar",
         &Profile::avatar,
         {.max = 1024 * 1024, .types = {"image/png", "image/jpeg", "image/webp", "image/gif"}}},
    }};

Filled<Profile> load_profile(const User& user, Reader& db) {
  const auto row = db.row<std::string, std::string, std::string>(
      "SELECT name, website, avatar FROM users WHERE id = ?", user.id());
  if (!row) return {};
  const auto& [name, website, avatar] = *row;
  Filled<Profile> filled{.input = Profile{name, website}};
  if (!avatar.empty()) filled.content.values["picture"] = "/uploads/" + avatar;
  return filled;
}

void replace_avatar(const User& user, const File& avatar, Transaction& tx) {
  const auto old =
      tx.row<std::string>("SELECT avatar FROM users WHERE id = ? AND avatar <> ''", user.id());
  if (old) tx.discard(std::get<0>(*old));
  tx.run("UPDATE users SET avatar = ? WHERE id = ?", tx.keep(avatar), user.id());
}

Result save_profile(const User& user, const Profile& input, Transaction& tx) {
  if (input.avatar) replace_avatar(user, *input.avatar, tx);
  tx.run("UPDATE users SET name = ?, website = ? WHERE id = ?", input.name, input.website,
         user.id());
  return Redirect{"/actions/profile", "note.saved"};
}

}  // namespace

Action profile() {
  return protected_action("profile", form, save_profile, Load{load_profile},
                          Fills{.outputs = {"picture"}});
}

}  // namespace actiond::site
