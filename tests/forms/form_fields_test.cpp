// The form as a whole: its fields, what it says of them, and the way back.
#include <doctest/doctest.h>

#include "forms/form.h"
#include "http/words.h"

namespace actiond {
namespace {

struct Order {
  std::string name = "default";
  std::string password;
  std::int64_t count = 7;
  bool gift = false;
  std::vector<std::string> colours;
};

const Form<Order> order_form{"order.html",
                             {{"name", &Order::name, {.required = true, .max = 5}},
                              {"password", &Order::password, {.format = Format::Password}},
                              {"count", &Order::count, {.min = 1, .max = 9}},
                              {"gift", &Order::gift},
                              {"colours", &Order::colours, {.one_of = {"red", "green"}}}}};

std::map<std::string, std::string> in_english(const FieldErrors& errors) {
  std::map<std::string, std::string> said;
  for (const auto& [field, message] : errors.messages) said[field] = actiond::in_english(message);
  return said;
}

TEST_CASE("a form reads every kind of field into its input") {
  const auto read = order_form.read({{"colours", "red"},
                                     {"name", "Ada"},
                                     {"count", "3"},
                                     {"gift", "on"},
                                     {"password", " p "},
                                     {"colours", "green"}});
  const Order& order = std::get<Order>(read);
  CHECK(order.name == "Ada");
  CHECK(order.password == " p ");
  CHECK(order.count == 3);
  CHECK(order.gift);
  CHECK(order.colours == std::vector<std::string>{"red", "green"});
}

TEST_CASE("a number that was not sent keeps its default") {
  CHECK(std::get<Order>(order_form.read({{"name", "Ada"}})).count == 7);
  CHECK(std::get<Order>(order_form.read({{"name", "Ada"}, {"count", ""}})).count == 7);
}

TEST_CASE("a form reports each wrong field by its name") {
  const auto read = order_form.read({{"name", "too long"}, {"count", "10"}, {"colours", "blue"}});
  CHECK(in_english(std::get<FieldErrors>(read)) ==
        std::map<std::string, std::string>{{"name", "Use at most 5 characters."},
                                           {"count", "Enter a whole number from 1 to 9."},
                                           {"colours", "Choose one of the options."}});
}

TEST_CASE("names of fields are matched exactly") {
  for (const std::string name : {"Name", "name ", " name", "name[]", "nam"}) {
    CAPTURE(name);
    CHECK(std::get<FieldErrors>(order_form.read({{name, "Ada"}})).messages.contains("name"));
  }
}

TEST_CASE("a form without fields reads whatever comes as nothing") {
  struct Nothing {};
  CHECK(std::holds_alternative<Nothing>(Form<Nothing>{}.read({{"hasAccess", "1"}})));
}

TEST_CASE("an error names the field of its member") {
  CHECK(in_english(order_form.error(&Order::count, "No.")) ==
        std::map<std::string, std::string>{{"count", "No."}});
  CHECK(in_english(order_form.error(&Order::password, "No.")) ==
        std::map<std::string, std::string>{{"password", "No."}});
}

TEST_CASE("an error at a member that has no field names none") {
  const Form<Order> smaller{"", {{"name", &Order::name}}};
  CHECK(in_english(smaller.error(&Order::count, "No.")) ==
        std::map<std::string, std::string>{{"", "No."}});
}

TEST_CASE("a form writes what it reads, but never a password") {
  const FieldValues written = order_form.write({"Ada", "secret", 3, true, {"green", "red"}});
  std::string line;
  for (const FieldValue& field : written) line += field.name + "=" + field.value + " ";
  CHECK(line == "name=Ada count=3 gift=on colours=green colours=red ");
}

TEST_CASE("a box that is not ticked and an empty list are not written") {
  CHECK(order_form.write({"", "", 0, false, {}}).size() == 2);
}

TEST_CASE("a form describes its fields in order") {
  const FormDescription description = order_form.describe();
  CHECK(description.page == "order.html");
  REQUIRE(description.fields.size() == 5);
  const Kind kinds[] = {Kind::Text, Kind::Text, Kind::Number, Kind::Checkbox, Kind::List};
  const char* names[] = {"name", "password", "count", "gift", "colours"};
  for (std::size_t at = 0; at < 5; ++at) {
    CAPTURE(at);
    CHECK(description.fields[at].name == names[at]);
    CHECK(description.fields[at].kind == kinds[at]);
  }
  CHECK(description.fields[0].rules.required);
  CHECK(description.fields[0].rules.max == 5);
}

TEST_CASE("a field sent twice is reported unless it is a list") {
  struct Row {
    FieldValues values;
    std::string repeated;
  };
  for (const Row& row : {Row{{}, "none"}, Row{{{"name", "a"}, {"count", "a"}}, "none"},
                         Row{{{"name", "a"}, {"count", "1"}, {"name", "a"}}, "name"},
                         Row{{{"colours", "red"}, {"colours", "red"}}, "none"},
                         Row{{{"count", "1"}, {"count", "1"}}, "count"},
                         // Not declared: sent twice, it may still mean two things.
                         Row{{{"other", ""}, {"other", ""}}, "other"},
                         // Of a checkbox the last counts.
                         Row{{{"gift", "off"}, {"gift", "on"}}, "none"}}) {
    CAPTURE(row.repeated);
    CHECK(repeated_field(row.values, order_form.describe()).value_or("none") == row.repeated);
  }
}

TEST_CASE("P8 of a checkbox with a hidden twin the last value counts") {
  struct Row {
    FieldValues values;
    bool gift;
  };
  for (const Row& row : {Row{{{"gift", "0"}, {"gift", "1"}}, true}, Row{{{"gift", "0"}}, false},
                         Row{{{"gift", "1"}, {"gift", "0"}}, false}}) {
    FieldValues values = row.values;
    values.push_back({"name", "Ada"});
    CHECK(std::get<Order>(order_form.read(values)).gift == row.gift);
  }
}

struct Choice {
  std::string plan;
};
const Form<Choice> choice{"", {{"plan", &Choice::plan, {.required = true, .one_of = {"a", "b"}}}}};

TEST_CASE("P8 an empty hidden twin before a group of radio buttons is passed over") {
  const FieldValues values{{"plan", ""}, {"plan", "b"}};
  CHECK(repeated_field(values, choice.describe()) == std::nullopt);
  CHECK(std::get<Choice>(choice.read(values)).plan == "b");
  CHECK(repeated_field({{"plan", "a"}, {"plan", "b"}}, choice.describe()) == "plan");
  CHECK(std::holds_alternative<FieldErrors>(choice.read({{"plan", ""}})));
}

TEST_CASE("P10 a control character is an error of its field, in every kind of text") {
  const std::string message = "Remove the control characters from this text.";
  for (const std::string& control : {std::string(1, '\0'), std::string("\x01"), std::string("\x1B"),
                                     std::string("\x7F"), std::string("\xC2\x80")}) {
    CAPTURE(control);
    const auto read = order_form.read({{"name", "a" + control},
                                       {"password", control},
                                       {"count", "1" + control},
                                       {"colours", control}});
    CHECK(in_english(std::get<FieldErrors>(read)) ==
          std::map<std::string, std::string>{
              {"name", message}, {"password", message}, {"count", message}, {"colours", message}});
  }
  CHECK(std::get<Order>(order_form.read({{"name", "a\t\v\f\xC2\x85"}})).name == "a\t\n\n\n");
}

TEST_CASE("S42 a value that was too long to be held is an error of its field") {
  const auto read = order_form.read({{"name", "", std::nullopt, true},
                                     {"password", "", std::nullopt, true},
                                     {"count", "", std::nullopt, true},
                                     {"colours", "", std::nullopt, true}});
  CHECK(in_english(std::get<FieldErrors>(read)) ==
        std::map<std::string, std::string>{{"name", "Use at most 5 characters."},
                                           {"password", "Use at most 200 bytes."},
                                           {"count", "This is too long."},
                                           {"colours", "Use at most 200 characters."}});
}

}  // namespace
}  // namespace actiond
