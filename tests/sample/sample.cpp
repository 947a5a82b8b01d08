#include "sample/sample.h"

#include "action/declare.h"

namespace actiond::sample {
namespace {

constexpr Migration tables[]{{1, "0001_sample.sql", R"(
CREATE TABLE comments (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL, message TEXT NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  topic TEXT NOT NULL, pages INTEGER NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;
CREATE INDEX reviews_by_user ON reviews (user_id, id);
)"}};

std::vector<PersonalColumn> personal() {
  using enum PersonalColumn::Holds;
  return {{"comments", "email", Address},
          {"comments", "message", Text},
          {"comments", "created_at"},
          {"reviews", "id"},
          {"reviews", "user_id", Account},
          {"reviews", "topic"},
          {"reviews", "pages"},
          {"reviews", "created_at"}};
}

struct Comment {
  std::string email, message;
};

Result comment(const Comment& sent, Transaction& tx) {
  tx.run("INSERT INTO comments (email, message) VALUES (?, ?)", sent.email, sent.message);
  return Redirect{"/comments-thanks.html"};
}

Shown count_comments(const With<Editor>&, Reader& db) {
  const auto count = db.row<std::int64_t>("SELECT count(*) FROM comments");
  return Content{.values = {{"count", std::to_string(std::get<0>(*count))}}};
}

struct Author {
  std::string name, website;
  std::optional<File> avatar = {};
};

Filled<Author> load(const User& user, Reader& db) {
  const auto row = db.row<std::string, std::string, std::string>(
      "SELECT name, website, avatar FROM users WHERE id = ?", user.id());
  if (!row) return {};
  const auto& [name, website, avatar] = *row;
  Filled<Author> filled{.input = Author{name, website}};
  if (!avatar.empty()) filled.content.values["picture"] = "/uploads/" + avatar;
  return filled;
}

Result save(const User& user, const Author& sent, Transaction& tx) {
  if (sent.avatar) {
    const std::string before = load(user, tx).content.values["picture"];
    if (!before.empty()) tx.discard(before.substr(before.rfind('/') + 1));
    tx.run("UPDATE users SET avatar = ? WHERE id = ?", tx.keep(*sent.avatar), user.id());
  }
  tx.run("UPDATE users SET name = ?, website = ? WHERE id = ?", sent.name, sent.website, user.id());
  return Redirect{"/actions/author", "note.saved"};
}

struct Order {
  std::string topic;
  int pages = 1;
};

Result order(const PaidUser& user, const Order& sent, Transaction& tx) {
  return Data{{{"review", std::to_string(
                              tx.run("INSERT INTO reviews (user_id, topic, pages) VALUES (?, ?, ?)",
                                     user.id(), sent.topic, sent.pages))}}};
}

struct Proposal {
  std::string title;
  int pages = 1;
  std::optional<File> draft = {};
};

Result propose(const User&, const Proposal&, Transaction&) { return Redirect{"/"}; }

const ListOf<std::int64_t, std::string, int, Time> own_reviews{
    {.name = "reviews",
     .columns = {"id", "topic", "pages", "made"},
     .sql = "SELECT id, topic, pages, created_at FROM reviews WHERE user_id = ? AND topic LIKE ? "
            "ESCAPE '\\'",
     .order_by = {"id"},
     .descending = true}};

Shown list_reviews(const User& user, const ByWords& asked, Reader&) {
  return Content{.listing = own_reviews.page(asked.page, user.id(), containing(asked.words))};
}

Shown show_review(const User& user, const ById& asked, Reader& db) {
  const auto row = db.row<std::string, int>(
      "SELECT topic, pages FROM reviews WHERE id = ? AND user_id = ?", asked.id, user.id());
  if (!row) return NotFound{};
  return Content{
      .values = {{"topic", std::get<0>(*row)}, {"pages", std::to_string(std::get<1>(*row))}}};
}

std::vector<Action> actions() {
  const Form<Author> author{
      "author.html",
      {{"name", &Author::name, {.required = true, .max = 60}},
       {"website", &Author::website, {.format = Format::Url}},
       {"avatar", &Author::avatar, {.max = 1024 * 1024, .types = {"image/png", "image/gif"}}}}};
  const Form<Order> review{
      "order.html",
      {{"topic", &Order::topic, {.required = true, .max = 120}},
       {"pages", &Order::pages, {.min = 1, .max = 20, .message = "Ask for 1 to 20 pages."}}}};
  const Form<Proposal> proposal{
      "",
      {{"title", &Proposal::title, {.required = true}},
       {"pages", &Proposal::pages, {.min = 1, .max = 20}},
       {"draft", &Proposal::draft, {.types = {"application/pdf", "image/png"}}}}};
  return {
      comments(),
      permitted_view<Editor>("comment-count", "comment-count.html", no_query, count_comments,
                             Fills{.outputs = {"count"}}),
      protected_action("author", author, save, Load{load}, Fills{.outputs = {"picture"}}),
      paid_action("order", review, order, Fills{.outputs = {"review"}}),
      protected_view("reviews", "reviews.html", by_words, list_reviews,
                     Fills{.lists = {own_reviews.columns()}}),
      protected_view("review", "review.html", by_id, show_review,
                     Fills{.outputs = {"topic", "pages"}}),
      protected_action("proposal", proposal, propose, Inbox{}),
  };
}

}  // namespace

Action comments() {
  const Form<Comment> form{"comments.html",
                           {{"email", &Comment::email, {.max = 254, .format = Format::Email}},
                            {"message", &Comment::message, {.required = true, .max = 2000}}}};
  return public_action("comments", form, comment, SpamTrap{"homepage"});
}

Site site() {
  return {.version = "0.1.0",
          .actions = actions,
          .migrations = [] { return std::span<const Migration>(tables); },
          .personal = personal};
}

}  // namespace actiond::sample
