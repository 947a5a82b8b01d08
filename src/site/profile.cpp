#include "site/actions.h"

namespace actiond::site {
namespace {

struct Profile {
  std::string name;
  std::string website;
};

const Form<Profile> form{
    "profile.html",
    {
        {"name", &Profile::name, {.required = true, .max = 60}},
        {"website", &Profile::website, {.format = Format::Url}},
    }};

Profile load_profile(const User& user, Reader& db) {
  const auto row = db.row<std::string, std::string>("SELECT name, website FROM users WHERE id = ?",
                                                    user.id());
  return row ? Profile{std::get<0>(*row), std::get<1>(*row)} : Profile{};
}

Result save_profile(const User& user, const Profile& input, Transaction& tx) {
  tx.run("UPDATE users SET name = ?, website = ? WHERE id = ?", input.name, input.website,
         user.id());
  return Redirect{"/actions/profile"};
}

}  // namespace

Action profile() { return protected_action("profile", form, save_profile, load_profile); }

}  // namespace actiond::site
