#include "http/words.h"

#include <doctest/doctest.h>

#include "http/problem.h"

namespace actiond {
namespace {

const Languages languages({{"de", {{"field.too_long", "Höchstens {max} Zeichen."}}},
                           {"de-at", {{"summary.heading", "Da stimmt was nicht"}}},
                           {"en", {{"order.sold_out", "Nothing is left on {day}."}}}});

TEST_CASE("a message is said in English by its name, its values in place of its placeholders") {
  CHECK(in_english({"field.too_long", {{"max", "60"}}}) == "Use at most 60 characters.");
  CHECK(in_english("field.required") == "This field is required.");
}

TEST_CASE("a text that is no name is shown as it is") {
  CHECK(in_english("This address is taken.") == "This address is taken.");
  CHECK(in_english("{max}") == "{max}");
  CHECK(in_english({"Only {left} are left, {not said}.", {{"left", "3"}}}) ==
        "Only 3 are left, {not said}.");
  CHECK(in_english(std::string()).empty());
}

TEST_CASE("a value is shown as it is, whatever it looks like") {
  const Message message("body.too_large", {{"max", "{size}"}, {"size", "field.required"}});
  CHECK(in_english(message) == "The body is limited to {size} bytes (field.required).");
}

TEST_CASE("a page is answered in the language that it names, or its wider one, else in English") {
  const Message message("field.too_long", {{"max", "60"}});
  for (const std::string tag : {"de", "DE", "de-CH", "de-CH-1996"}) {
    CAPTURE(tag);
    CHECK(languages.of(tag).say(message) == "Höchstens 60 Zeichen.");
  }
  for (const std::string tag : {"", "en", "en-GB", "fr", "d", "-", "de_AT", "deu"}) {
    CAPTURE(tag);
    CHECK(languages.of(tag).say(message) == "Use at most 60 characters.");
  }
}

TEST_CASE("a name that a language lacks is taken from its wider one, and then from English") {
  CHECK(languages.of("de-AT").say("summary.heading") == "Da stimmt was nicht");
  CHECK(languages.of("de-AT").say({"field.too_long", {{"max", "5"}}}) == "Höchstens 5 Zeichen.");
  CHECK(languages.of("de").say("summary.heading") == "There is a problem");
}

TEST_CASE("a site's own name is said in each of its languages") {
  const Message sold_out("order.sold_out", {{"day", "Sunday"}});
  CHECK(languages.of("en").say(sold_out) == "Nothing is left on Sunday.");
  CHECK(languages.of("de").say(sold_out) == "Nothing is left on Sunday.");
  CHECK(in_english("order.sold_out") == "order.sold_out");
}

}  // namespace
}  // namespace actiond
