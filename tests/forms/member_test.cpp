// The types of members: what each takes, what it refuses, and what a page shows for it.
#include "forms/member.h"

#include <doctest/doctest.h>

#include <map>

#include "forms/form.h"
#include "forms/limits.h"
#include "http/words.h"

namespace actiond {
namespace {

using namespace std::chrono;

enum class Seat { Window, Aisle };
constexpr auto names(Seat) {
  return std::to_array<Named<Seat>>({{"window", Seat::Window}, {"on the aisle", Seat::Aisle}});
}

struct Booking {
  int guests = 2;
  Date day;
  Seat seat = Seat::Aisle;
  std::optional<std::string> phone = "none";
  std::optional<std::int64_t> card = 1;
  std::optional<int> age = 1;
  std::optional<Date> until = Date{year(2000) / 1 / 1};
  std::optional<Seat> other = Seat::Window;
};

const Form<Booking> booking_form{"booking.html",
                                 {{"guests", &Booking::guests},
                                  {"day", &Booking::day},
                                  {"seat", &Booking::seat},
                                  {"phone", &Booking::phone, {.min = 3, .max = 9}},
                                  {"card", &Booking::card},
                                  {"age", &Booking::age, {.max = 150}},
                                  {"until", &Booking::until},
                                  {"other", &Booking::other}}};

// One field, read by `form` beside a day: "=" and the text that a page would show, or the message.
std::string read_booking(const std::string& name, const std::string& sent) {
  FieldValues values{{name, sent}};
  if (name != "day") values.push_back({"day", "2027-01-31"});
  const auto outcome = booking_form.read(values);
  if (const auto* errors = std::get_if<FieldErrors>(&outcome))
    return in_english(errors->messages.at(name));
  for (const FieldValue& value : booking_form.write(std::get<Booking>(outcome)))
    if (value.name == name) return "=" + value.value;
  return "not shown";
}

TEST_CASE("each type is read from its text") {
  const auto outcome = booking_form.read({{"guests", "4"},
                                          {"day", "2024-02-29"},
                                          {"seat", "window"},
                                          {"phone", "12345"},
                                          {"card", "9223372036854775807"},
                                          {"age", "0"},
                                          {"until", "9999-12-31"},
                                          {"other", "on the aisle"}});
  REQUIRE(std::holds_alternative<Booking>(outcome));
  const Booking& booking = std::get<Booking>(outcome);
  CHECK(booking.guests == 4);
  CHECK(booking.day == year(2024) / 2 / 29);
  CHECK(booking.seat == Seat::Window);
  CHECK(booking.phone == "12345");
  CHECK(booking.card == std::numeric_limits<std::int64_t>::max());
  CHECK(booking.age == 0);
  CHECK(booking.until == year(9999) / 12 / 31);
  CHECK(booking.other == Seat::Aisle);
}

TEST_CASE("a field that was left empty is nothing, or its default when it cannot be nothing") {
  for (const FieldValues& values :
       {FieldValues{{"day", "2024-02-29"}}, FieldValues{{"day", "2024-02-29"},
                                                        {"guests", ""},
                                                        {"seat", ""},
                                                        {"phone", ""},
                                                        {"card", " "},
                                                        {"age", ""},
                                                        {"until", ""},
                                                        {"other", ""}}}) {
    const auto outcome = booking_form.read(values);
    REQUIRE(std::holds_alternative<Booking>(outcome));
    const Booking& booking = std::get<Booking>(outcome);
    CHECK(booking.guests == 2);
    CHECK(booking.seat == Seat::Aisle);
    CHECK_FALSE(booking.phone);
    CHECK_FALSE(booking.card);
    CHECK_FALSE(booking.age);
    CHECK_FALSE(booking.until);
    CHECK_FALSE(booking.other);
  }
}

TEST_CASE("a page shows what is read, and an empty field for nothing") {
  const Booking booking{4, year(2024) / 2 / 29, Seat::Window, std::nullopt, std::nullopt,
                        7, std::nullopt,        Seat::Aisle};
  std::string line;
  for (const FieldValue& value : booking_form.write(booking))
    line += value.name + "=" + value.value + "|";
  CHECK(line ==
        "guests=4|day=2024-02-29|seat=window|phone=|card=|age=7|until=|other=on the aisle|");
  CHECK(booking_form.write(Booking{})[1].value.empty());  // a date that was not set
}

TEST_CASE("a number that an int cannot hold is an error of its field, as a bound is") {
  const std::string message = "Enter a whole number from 0 to 2147483647.";
  CHECK(read_booking("guests", "2147483647") == "=2147483647");
  for (const std::string sent :
       {"2147483648", "4294967296", "4294967297", "9223372036854775807", "9223372036854775808",
        "18446744073709551617", "2147483648.0", "2.147483648e9", "-1", "-2147483649", "+5",
        "\xEF\xBC\x95", "5 5", "0x5", "1.5"}) {
    CAPTURE(sent);
    CHECK(read_booking("guests", sent) == message);
  }
  struct Row {
    std::string sent, shown;
  };
  for (const Row& row : {Row{" 5 ", "=5"}, Row{"-0", "=0"}, Row{"5.0", "=5"}, Row{"007", "=7"},
                         Row{"2147483.647e3", "=2147483647"}})
    CHECK(read_booking("guests", row.sent) == row.shown);
  CHECK(read_booking("age", "151") == "Enter a whole number from 0 to 150.");
  CHECK(read_booking("card", "9223372036854775808") == "Enter a whole number, 0 or more.");
}

TEST_CASE("the bounds of an int hold whatever bounds its author wrote") {
  struct Wide {
    int number = 0;
  };
  using Whole = std::numeric_limits<std::int64_t>;
  const Form<Wide> wide{"",
                        {{"number", &Wide::number, {.min = Whole::min(), .max = Whole::max()}}}};
  CHECK(std::get<Wide>(wide.read({{"number", "-2147483648"}})).number ==
        std::numeric_limits<int>::min());
  for (const std::string sent : {"-2147483649", "2147483648", "-9223372036854775808"})
    CHECK(std::holds_alternative<FieldErrors>(wide.read({{"number", sent}})));
}

TEST_CASE("a date is one that the calendar has, as RFC 3339 writes it") {
  const std::string message = "Enter a date that exists, such as 2027-01-31.";
  for (const std::string sent : {"2027-01-31", "2024-02-29", "2000-02-29", "0000-01-01",
                                 "0000-02-29", "9999-12-31", " 2027-01-31 "}) {
    CAPTURE(sent);
    CHECK(read_booking("day", sent).starts_with("="));
    CHECK(read_booking("until", sent).starts_with("="));
  }
  for (const std::string sent :
       {"2023-02-29", "1900-02-29", "10000-01-01", "+2027-01-31", "-0001-01-01", "2027-1-31",
        "2027-01-32", "2027-13-01", "2027-00-01", "31.01.2027", "01/31/2027", "20270131",
        "2027-01-31T00:00:00Z", "2027 01 31", "2027-01- 1", "2027-01-\xEF\xBC\x95", "tomorrow", "0",
        "-"}) {
    CAPTURE(sent);
    CHECK(read_booking("day", sent) == message);
    CHECK(read_booking("until", sent) == message);
  }
  CHECK(read_booking("day", "") == "This field is required.");
  CHECK(read_booking("until", "") == "=");
}

TEST_CASE("an option is one of the names of its enum") {
  for (const std::string sent : {"Window", "window ", " window", "aisle", "Aisle", "0", "1"}) {
    CAPTURE(sent);
    CHECK(read_booking("seat", sent) == "Choose one of the options.");
    CHECK(read_booking("other", sent) == "Choose one of the options.");
  }
  CHECK(read_booking("seat", "on the aisle") == "=on the aisle");
  CHECK(read_booking("other", "") == "=");
}

TEST_CASE("a text that may be left empty keeps the rules of a text") {
  CHECK(read_booking("phone", "12") == "Use at least 3 characters.");
  CHECK(read_booking("phone", "1234567890") == "Use at most 9 characters.");
  CHECK(read_booking("phone", "   ") == "=   ");
}

TEST_CASE("a form describes what its types demand") {
  std::map<std::string, FieldDescription> fields;
  for (const FieldDescription& field : booking_form.describe().fields)
    fields.emplace(field.name, field);
  CHECK(fields.at("guests").kind == Kind::Number);
  CHECK(fields.at("guests").rules.max == 2147483647);
  CHECK(fields.at("age").rules.max == 150);
  CHECK_FALSE(fields.at("card").rules.max);
  CHECK(fields.at("day").kind == Kind::Date);
  CHECK(fields.at("day").rules.required);
  CHECK(fields.at("until").kind == Kind::Date);
  CHECK_FALSE(fields.at("until").rules.required);
  for (const std::string name : {"seat", "other"}) {
    CHECK(fields.at(name).kind == Kind::Text);
    CHECK(fields.at(name).rules.one_of == std::vector<std::string_view>{"window", "on the aisle"});
  }
}

TEST_CASE("what may be left empty and is required may not") {
  struct One {
    std::optional<Date> day;
    std::optional<Seat> seat;
  };
  const Form<One> one{
      "", {{"day", &One::day, {.required = true}}, {"seat", &One::seat, {.required = true}}}};
  CHECK(std::get<FieldErrors>(one.read({})).messages.size() == 2);
}

TEST_CASE("radio buttons of an enum may have an empty twin, and a number or a date may not") {
  const FormDescription description = booking_form.describe();
  CHECK_FALSE(repeated_field({{"seat", ""}, {"seat", "window"}}, description));
  CHECK(repeated_field({{"day", "2027-01-31"}, {"day", "2027-01-31"}}, description) == "day");
  CHECK(repeated_field({{"guests", "1"}, {"guests", "1"}}, description) == "guests");
}

TEST_CASE("a control character and a value too long are errors of every type") {
  for (const std::string name : {"guests", "day", "seat", "phone", "card", "until", "other"}) {
    CAPTURE(name);
    CHECK(read_booking(name, "1\x01") == "Remove the control characters from this text.");
    const auto outcome = booking_form.read({{name, "", std::nullopt, true}});
    CHECK(std::get<FieldErrors>(outcome).messages.contains(name));
  }
  for (const FieldDescription& field : booking_form.describe().fields)
    CHECK(max_value_bytes(field) <= 1024);
}

TEST_CASE("members are told apart by their place and their type") {
  struct Base {
    std::string name;
  };
  struct Both : Base {
    std::string other;
    int number = 0;
  };
  CHECK(Member<Both>(&Both::other) == Member<Both>(&Both::other));
  CHECK_FALSE(Member<Both>(&Both::other) == Member<Both>(&Both::number));
  CHECK_FALSE(Member<Both>(&Both::other) == Member<Both>(&Both::name));
  const Form<Both> both{"", {{"name", &Both::name}, {"other", &Both::other}}};
  CHECK(std::get<Both>(both.read({{"name", "a"}, {"other", "b"}})).name == "a");
}

}  // namespace
}  // namespace actiond
