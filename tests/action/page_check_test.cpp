// Pages against forms: each sort of finding, with one fault in a page that has none else.
#include "action/page_check.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "action/declare.h"

namespace actiond {
namespace {

enum class Size { Small, Large };
constexpr auto names(Size) {
  return std::to_array<Named<Size>>({{"small", Size::Small}, {"large", Size::Large}});
}

struct Order {
  std::string name;
  std::string email;
  std::string next;
  std::optional<Size> size;
  std::optional<Size> second;
  std::int64_t pages = 1;
};

const Form<Order> order_form{"shop/order.html",
                             {{"name", &Order::name, {.required = true}},
                              {"email", &Order::email, {.format = Format::Email}},
                              {"next", &Order::next},
                              {"size", &Order::size},
                              {"second", &Order::second},
                              {"pages", &Order::pages, {.min = 1, .max = 20}}}};

struct NoInput {};

struct OrderClerk {
  static constexpr std::string_view name = "clerk";
  static constexpr Level at_least = Level::Protected;
};

Catalogue order_catalogue() {
  const auto order = [](const Order&, Transaction&) -> Result { return Redirect{"/"}; };
  const auto leave = [](const User&, const NoInput&, Transaction&) -> Result {
    return EndSession{"/"};
  };
  const auto show = [](const With<OrderClerk>&, Reader&) -> Shown { return NotFound{}; };
  return Catalogue({public_action("order", order_form, order, SpamTrap{"trap"},
                                  Fills{.outputs = {"number"}, .lists = {{"items", {"title"}}}}),
                    protected_action("leave", Form<NoInput>{}, leave),
                    permitted_view<OrderClerk>("list", "", no_query, show)});
}

constexpr std::string_view sound = R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Order</title></head>
<body>
<form method="post" action="../actions/leave"><input type="hidden" name="_once" value="{once}"></form>
<p data-show="signed-in">Hello <b data-user="name"></b></p>
<ul><li data-each="items" hidden><b data-field="title"></b></li></ul>
<form method="post" action="/actions/order">
<input type="hidden" name="_once" value="{once}">
<input type="hidden" name="_shown" value="{shown}">
<input type="hidden" name="next" value="{next}">
<input name="trap">
<input name="name" required>
<span data-error-for="name"></span>
<input name="email" type="email">
<select name="size"><option value="">Any<option value="small">Small
<option data-each="items" value="{title}"></option></select>
<input type="radio" name="second" value="large"> <input type="radio" name="second" value="{number}">
<input type="number" name="pages" min="1" max="20">
<output name="number"></output> <output name="held"></output> <output name="total" for="a b"></output>
<button>Order</button> <button type="button" name="own">of a script</button>
</form>
</body>
</html>
)";

// The findings in the page after `what` in it became `with`.
PageFindings check_with(std::string_view what, std::string_view with) {
  std::string page(sound);
  const std::size_t at = page.find(what);
  REQUIRE(at != page.npos);
  page.replace(at, what.size(), with);
  return check_pages({{"shop/order.html", page}}, order_catalogue(), {"example.com"});
}

TEST_CASE("a page that fits its actions has no finding") {
  CHECK(check_with("Order", "Order").empty());
  CHECK(check_with("\"/actions/order\"", "https://example.com/actions/order").empty());
  CHECK(check_with("<button>", "<button formmethod=post formenctype=multipart/form-data>").empty());
  CHECK(check_with("type=\"email\">", "type=\"email\"><input name=name disabled>").empty());
  CHECK(check_with("<select", "<input type=hidden name=size><select").empty());
  CHECK(check_with("<button>", "<button name=email value=1 type=button>").empty());
  CHECK(check_with("<input name=\"email\" type=\"email\">",
                   "<button name=email value=a@b></button><button name=email value=c@d></button>")
            .empty());
  // Of another site, of this site but no action, and what only asks.
  CHECK(check_with("<body>",
                   "<body><form action=https://example.org/actions/x></form><form method=post "
                   "action=/search></form><form action=/actions/me></form>")
            .empty());
}

TEST_CASE("names that the page's actions fill are no finding, nor are braces of other sorts") {
  CHECK(check_with("<b data-field", "<b title=\"{title} {number}\" data-if=title data-field")
            .empty());
  CHECK(check_with("<p ", "<p data-if=\"!items\" title=\"{number}\" ").empty());
  CHECK(check_with("<p ", "<p data-field=number onclick=\"if (x) {return}\" ").empty());
  CHECK(check_with("data-show=\"signed-in\"", "data-show=\"clerk\"").empty());
  CHECK(check_with("data-show=\"signed-in\"", "data-show=\"plan:team\"").empty());
  CHECK(check_with("<input name=\"email\"", "<input pattern=\"[a-z]{3}\" name=\"email\"").empty());
}

struct Fault {
  std::string_view what, with, finding;
  std::size_t line;
};

void check_finding(const Fault& row) {
  CAPTURE(row.what);
  CAPTURE(row.with);
  const PageFindings found = check_with(row.what, row.with);
  REQUIRE(found.size() == 1);
  CHECK_MESSAGE(found[0].what.find(row.finding) != std::string::npos, found[0].what);
  CHECK(found[0].line == row.line);
  CHECK(found[0].page == "shop/order.html");
  CHECK_FALSE(found[0].mend.empty());
}

TEST_CASE("each sort of fault is found, on its line") {
  for (const Fault& row :
       {Fault{"type=\"email\">", "type=\"email\"><input name=\"phone\">",
              "The field \"phone\" is sent, and order drops it", 15},
        Fault{"<button>", "<button name=way value=1>", "The field \"way\" is sent", 21},
        Fault{"value=\"small\"", "value=\"Small\"", "\"Small\" is no option of the field \"size\"",
              16},
        Fault{"<option value=\"small\">Small", "<option>Blue", "\"Blue\" is no option of the field",
              16},
        Fault{"value=\"large\"", "value=\"huge\"", "\"huge\" is no option of the field \"second\"",
              18},
        Fault{"type=\"email\"", "type=\"email\" dirname=\"way\"", "The field \"way\" is sent", 15},
        Fault{"<input name=\"name\" required>", "", "The form lacks the field \"name\"", 8},
        Fault{"<input name=\"trap\">", "", "The form lacks the spam trap \"trap\"", 8},
        Fault{"/actions/order", "/actions/orders", "\"orders\", which does not exist", 8},
        Fault{"<button>", "<button formaction=/actions/pay>", "\"pay\", which does not exist", 21},
        Fault{"data-each=\"items\"", "data-each=\"item\"",
              "data-each=\"item\" is filled by nothing", 7},
        Fault{"</li>", "", "data-each=\"items\" stands on an element that has no end tag", 7},
        Fault{"data-field=\"title\"", "data-field=\"titel\"", "data-field=\"titel\" is no column",
              7},
        Fault{"<p ", "<p data-field=\"title\" ", "data-field=\"title\" is filled by nothing", 6},
        Fault{"<p ", "<p data-if=\"!nr\" ", "data-if=\"!nr\" is filled by nothing", 6},
        Fault{"<p ", "<p title=\"No {nr}\" ", "title=\"No {nr}\" is filled by nothing", 6},
        Fault{"<p ", "<p style=\"top:{number}\" ", "{number} in style=\"top:{number}\" is never",
              6},
        Fault{"<b data-field", "<b data-if=name data-field",
              "data-if=\"name\" is no column of items", 7},
        Fault{"<b data-field", "<b title={name} data-field",
              "title=\"{name}\" is no column of items", 7},
        Fault{"data-error-for=\"name\"", "data-error-for=\"nmae\"", "data-error-for=\"nmae\" never",
              14},
        Fault{"data-user=\"name\"", "data-user=\"nmae\"", "data-user=\"nmae\" is filled by nothing",
              6},
        Fault{"data-show=\"signed-in\"", "data-show=\"in\"",
              "data-show=\"in\" is filled by nothing", 6},
        Fault{"output name=\"number\"", "output name=\"nr\"", "<output name=\"nr\"> is filled by",
              20},
        Fault{"<input type=\"hidden\" name=\"_once\" value=\"{once}\"></form>", "</form>",
              "The form has no submission key", 5},
        Fault{"name=\"_once\" value=\"{once}\"", "name=\"_once\"", "The field _once gets no key",
              5},
        Fault{"name=\"_once\" value=\"{once}\"", "name=\"_once\" value=\"k\"", "_once gets no key",
              5},
        Fault{"{once}", "&#123;once}", "The field _once gets no key", 5},
        Fault{"{shown}", "", "The field _shown gets no time", 10},
        Fault{"{next}", "", "The field next stays empty", 11},
        Fault{"Hello", "Hello {once}", "{once} stands where it is no value", 6},
        Fault{"post", "get", "The form for leave is not posted", 5},
        Fault{"Hello",
              "Gr\xFC"
              "e",
              "The page is not UTF-8", 6},
        Fault{"charset=\"utf-8\"", "charset=\"iso-8859-1\"", "says that it is iso-8859-1", 3},
        Fault{"<title>", "<base href=\"/x/\"><title>", "<base href=\"/x/\"> has no effect", 3},
        Fault{"<form", "<form accept-charset=latin1", "The form is sent as latin1", 5},
        Fault{"action=\"/", "enctype=Text/Plain action=\"/", "The form is sent as text/plain", 8},
        Fault{"<button>", "<button formenctype=text/plain>", "The form is sent as text/plain", 21},
        Fault{"<button>", "<button formmethod=get>", "This button does not post the form for order",
              21},
        Fault{"type=\"email\">", "type=\"email\"><textarea name=name></textarea>",
              "The field \"name\" is sent twice", 15},
        Fault{"<input name=\"name\" required>", "<input name=\"name\" maxlength=\"201\" required>",
              "The field \"name\" lets 201 characters be typed, and order takes 200.", 13},
        Fault{"data-field=\"title\"", "data-feild=\"title\"", "data-feild means nothing here.", 7},
        Fault{"<p ", "<p data-eech=\"items\" ", "data-eech means nothing here.", 6},
        Fault{"<p ", "<p\ndata-feld=\" number\" ", "data-feld means nothing here.", 7},
        Fault{"<p ", "<p data_show=\"paid\" ", "data_show means nothing here.", 6},
        Fault{"data-user", "data-uesr", "data-uesr means nothing here.", 6},
        Fault{"data-error-for", "data-eror-for", "data-eror-for means nothing here.", 14},
        Fault{"<form method=\"post\" action=\"/", "<form data-inobx method=\"post\" action=\"/",
              "data-inobx means nothing here.", 8},
        Fault{"<button>", "<button name=next value=/a>", "The field \"next\" is sent twice", 21}}) {
    check_finding(row);
  }
}

TEST_CASE("a value that the page sends by itself and its form refuses is found") {
  for (const Fault& row :
       {Fault{"<input type=\"number\" name=\"pages\" min=\"1\" max=\"20\">",
              "<select name=pages><option>20<option>21</select>",
              "\"21\" is no value of the field \"pages\": order refuses it.", 19},
        Fault{"<input type=\"number\" name=\"pages\" min=\"1\" max=\"20\">",
              "<select name=pages><option>one</select>", "\"one\" is no value of the field", 19},
        Fault{"<input type=\"number\" name=\"pages\" min=\"1\" max=\"20\">",
              "<input type=hidden name=pages value=25>", "\"25\" is no value of the field", 19},
        Fault{"max=\"20\"", "max=\"30\"", "has max=\"30\", and order takes 20 or less.", 19},
        Fault{"min=\"1\"", "min=\"-1\"", "has min=\"-1\", and order takes 1 or more.", 19},
        Fault{"<input name=\"email\" type=\"email\">",
              "<select name=email><option>no address</select>",
              "is no value of the field \"email\"", 15},
        Fault{"<input name=\"name\" required>", "<input name=\"name\" required disabled>",
              "The field \"name\" is never sent, and order refuses the form without it.", 13},
        Fault{"<input name=\"trap\">", "<input type=hidden name=trap value=x>",
              "The spam trap \"trap\" is never empty", 12}})
    check_finding(row);
  const std::string too_long =
      fmt::format("<select name=name><option>{}</select>", std::string(201, 'a'));
  CHECK(check_with("<input name=\"name\" required>", too_long).size() == 1);
}

TEST_CASE("an author's own attribute is no finding, nor is a length that the action takes") {
  for (const char* own : {"data-fields=\"x\"", "data-shop=\"signed\"", "data-id=\"number\"",
                          "data-reach=\"far\"", "data-users=\"3\"", "data-inbox-count=\"3\"",
                          "data-filed=\"2027\"", "data-tarp", "data-level=\"3\"", "data-levels"})
    CHECK_MESSAGE(check_with("<p ", fmt::format("<p {} ", own)).empty(), own);
  CHECK(check_with("<form method", "<form data-label=\"x\" data-noti=\"y\" method").empty());
  CHECK(check_with("<input name=\"name\"", "<input maxlength=200 name=\"name\"").empty());
  CHECK(
      check_with("<input name=\"name\"", "<input type=number maxlength=900 name=\"name\"").empty());
}

TEST_CASE("an option that cannot be chosen, or that a value fills, is none that a form refuses") {
  for (const char* options :
       {"<optgroup disabled><option value=no>No</optgroup><option value=small>",
        "<option disabled value=no>No<option value=small>",
        "<option data-field=number>4<option value=small>"}) {
    CAPTURE(options);
    CHECK(check_with("<option value=\"small\">", options).empty());
  }
}

TEST_CASE("a form for a file has to be sent as one that can hold it") {
  struct Photo {
    std::optional<File> photo;
  };
  static const Form<Photo> form{"photo.html", {{"photo", &Photo::photo}}};
  const Catalogue catalogue({public_action(
      "photo", form, [](const Photo&, Transaction&) -> Result { return Redirect{"/"}; })});
  const auto check = [&](const std::string& enctype, const std::string& button = "<button>") {
    return check_pages({{"photo.html", "<form method=post action=/actions/photo" + enctype +
                                           "><input type=hidden name=_once value={once}>\n"
                                           "<input type=file name=photo>" +
                                           button + "</button></form>"}},
                       catalogue, {});
  };
  CHECK(check(" enctype=multipart/form-data").empty());
  CHECK(check("", "<button formenctype=multipart/form-data>").empty());
  CHECK(check("", "<button formenctype=multipart/form-data></button><button>").size() == 1);
  CHECK(check(" enctype=multipart/form-data", "<button></button><button formenctype>").size() == 1);
  const PageFindings found = check("");
  REQUIRE(found.size() == 1);
  CHECK(found[0].what == "Of the file \"photo\" the form sends the name alone.");
  CHECK(found[0].line == 2);
  const PageFindings png =
      check(" enctype=multipart/form-data", "<input type=file name=photo accept=\"png\"><button>");
  REQUIRE(png.size() == 1);
  CHECK(png[0].what == "\"png\" in the accept of \"photo\" names no kind of file.");
}

TEST_CASE("a form in a row of a list is compared as well") {
  const PageFindings found =
      check_with("<b data-field=\"title\"></b>",
                 "<form method=post action=/actions/gone><b data-field=title></b></form>");
  REQUIRE(found.size() == 1);
  CHECK(found[0].what.find("\"gone\", which does not exist") != std::string::npos);
}

TEST_CASE("a page that is missing, has no form for its action, or cannot be filled in is found") {
  const PageFindings missing = check_pages({}, order_catalogue(), {});
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].is_missing_page());
  CHECK(missing[0].page == "shop/order.html");
  const PageFindings empty =
      check_pages({{"shop/order.html", "<p>Order</p>"}}, order_catalogue(), {});
  REQUIRE(empty.size() == 1);
  CHECK(empty[0].what == "order shows its form here, and the page has none for it.");
  const std::string too_long(2 * 1024 * 1024, ' ');
  const PageFindings found =
      check_pages({{"shop/order.html", too_long}, {"long.html", too_long}}, order_catalogue(), {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].what.find("cannot be filled in") != std::string::npos);
}

TEST_CASE("a field is hidden that each form for an action hides") {
  struct Move {
    std::string id, to, by, why;
  };
  static const Form<Move> move{"a.html",
                               {{"id", &Move::id},
                                {"to", &Move::to, {.one_of = {"up", "down"}}},
                                {"by", &Move::by},
                                {"why", &Move::why}}};
  const Catalogue catalogue({public_action(
      "move", move, [](const Move&, Transaction&) -> Result { return Redirect{"/"}; })});
  const std::string form = "<form method=post action=/actions/move><input type=hidden name=id>";
  const HiddenFields hidden = find_hidden_fields(
      {{"a.html", form + "<input type=hidden name=why><button name=to value=up>Up</button></form>"},
       {"b.html", form + "<input name=why><button name=by value=1>1</button></form>"}},
      catalogue, {});
  CHECK(hidden == HiddenFields{{"move", {"by", "id"}}});
  Action action = catalogue.actions().front();
  action.form.fields.front().is_hidden = true;
  const std::string skeleton = form_skeleton(action);
  CHECK(skeleton.find("<input type=\"hidden\" name=\"id\">") != skeleton.npos);
  CHECK(skeleton.find("for=\"id\"") == skeleton.npos);
  CHECK(skeleton.find("<label for=\"why\">") != skeleton.npos);
}

TEST_CASE("a list and an output are filled in the page of their action alone") {
  const PageFindings found =
      check_pages({{"shop/order.html", std::string(sound)},
                   {"else.html", "<p data-each=items></p><output name=number></output>"}},
                  order_catalogue(), {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].page == "else.html");
  CHECK(found[1].page == "else.html");
}

}  // namespace
}  // namespace actiond
