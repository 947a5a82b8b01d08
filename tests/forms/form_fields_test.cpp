// The form as a whole: its fields, what it says of them, and the way back.
#include <doctest/doctest.h>

#include "forms/form.h"

namespace actiond {
namespace {

struct Order {
  std::string name = "default";
  std::string password;
  std::int64_t count = 7;
  bool gift = false;
  std::vector<std::string> colours;
};

const Form<Order> form{"order.html",
                       {{"name", &Order::name, {.required = true, .max = 5}},
                        {"password", &Order::password, {.format = Format::Password}},
                        {"count", &Order::count, {.min = 1, .max = 9}},
                        {"gift", &Order::gift},
                        {"colours", &Order::colours, {.one_of = {"red", "green"}}}}};

TEST_CASE("a form reads every kind of field into its input") {
  const auto read = form.read({{"colours", "red"},
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
  CHECK(std::get<Order>(form.read({{"name", "Ada"}})).count == 7);
  CHECK(std::get<Order>(form.read({{"name", "Ada"}, {"count", ""}})).count == 7);
}

TEST_CASE("a form reports each wrong field by its name") {
  const auto read =
      form.read({{"name", "too long"}, {"count", "10"}, {"gift", "x"}, {"colours", "blue"}});
  CHECK(std::get<FieldErrors>(read).messages ==
        std::map<std::string, std::string>{{"name", "Use at most 5 characters."},
                                           {"count", "Enter a whole number from 1 to 9."},
                                           {"gift", "Send \"on\" for a ticked box, or nothing."},
                                           {"colours", "Choose one of the options."}});
}

TEST_CASE("names of fields are matched exactly") {
  for (const std::string name : {"Name", "name ", " name", "name[]", "nam"}) {
    CAPTURE(name);
    CHECK(std::get<FieldErrors>(form.read({{name, "Ada"}})).messages.contains("name"));
  }
}

TEST_CASE("a form without fields reads whatever comes as nothing") {
  struct Nothing {};
  CHECK(std::holds_alternative<Nothing>(Form<Nothing>{}.read({{"hasAccess", "1"}})));
}

TEST_CASE("an error names the field of its member") {
  CHECK(form.error(&Order::count, "No.").messages ==
        std::map<std::string, std::string>{{"count", "No."}});
  CHECK(form.error(&Order::password, "No.").messages ==
        std::map<std::string, std::string>{{"password", "No."}});
}

TEST_CASE("an error at a member that has no field names none") {
  const Form<Order> smaller{"", {{"name", &Order::name}}};
  CHECK(smaller.error(&Order::count, "No.").messages ==
        std::map<std::string, std::string>{{"", "No."}});
}

TEST_CASE("a form writes what it reads, but never a password") {
  const FieldValues written = form.write({"Ada", "secret", 3, true, {"green", "red"}});
  std::string line;
  for (const FieldValue& field : written) line += field.name + "=" + field.value + " ";
  CHECK(line == "name=Ada count=3 gift=on colours=green colours=red ");
}

TEST_CASE("a box that is not ticked and an empty list are not written") {
  CHECK(form.write({"", "", 0, false, {}}).size() == 2);
}

TEST_CASE("a form describes its fields in order") {
  const FormDescription description = form.describe();
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
                         // Not declared: whoever sends it twice still means two things.
                         Row{{{"other", ""}, {"other", ""}}, "other"},
                         Row{{{"gift", "off"}, {"gift", "on"}}, "gift"}}) {
    CAPTURE(row.repeated);
    CHECK(repeated_field(row.values, form.describe()).value_or("none") == row.repeated);
  }
}

}  // namespace
}  // namespace actiond
