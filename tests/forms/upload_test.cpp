#include "forms/upload.h"

#include <doctest/doctest.h>

#include <limits>

#include "forms/body.h"
#include "forms/form.h"
#include "http/words.h"

using namespace actiond;

namespace {

struct Nowhere final : FileBytes {
  void append(std::string_view) override {}
  std::size_t read(std::size_t, char*, std::size_t) const override { return 0; }
  void sync() override {}
};

std::optional<File> upload(std::string_view bytes, std::size_t max_bytes = 1000,
                           std::size_t step = 1000, const std::string& name = "name") {
  Upload upload(name, max_bytes, [] { return std::make_shared<Nowhere>(); });
  while (!bytes.empty()) {
    upload.add(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  return std::move(upload).finish();
}

struct Input {
  std::string name;
  std::optional<File> photo = {};
};

Form<Input> form_with(Rules rules) {
  return {"", {{"name", &Input::name}, {"photo", &Input::photo, std::move(rules)}}};
}

// The message at the field, or "" when it is right.
std::string message(const Rules& rules, const FieldValues& values) {
  const auto read = form_with(rules).read(values);
  const auto* errors = std::get_if<FieldErrors>(&read);
  return errors ? in_english(errors->messages.at("photo")) : "";
}

FieldValues sent(std::size_t size, std::string type) {
  return {{"photo", "", File{"f", std::move(type), size, "", std::make_shared<Nowhere>()}}};
}

}  // namespace

TEST_CASE("a file's type is what its first bytes tell") {
  struct Row {
    std::string_view bytes;
    std::string_view type;
  };
  for (const Row& row : {Row{"\x89PNG\r\n\x1A\n....", "image/png"},
                         {"\xFF\xD8\xFF\xE0", "image/jpeg"},
                         {"GIF87a", "image/gif"},
                         {"GIF89a...", "image/gif"},
                         {"RIFFxxxxWEBPVP8 ", "image/webp"},
                         {"%PDF-1.7", "application/pdf"},
                         {"RIFFxxxxWAVEfmt ", "application/octet-stream"},
                         {"RIFF", "application/octet-stream"},
                         {"\x89PNG", "application/octet-stream"},
                         {" GIF89a", "application/octet-stream"},
                         {"<html>", "application/octet-stream"},
                         {"<svg xmlns=", "application/octet-stream"}}) {
    CAPTURE(row.bytes);
    CHECK(upload(row.bytes)->type == row.type);
    CHECK(upload(row.bytes, 1000, 1)->type == row.type);
  }
}

TEST_CASE("an upload knows its size and digest, and one without name and bytes is nothing") {
  const auto file = upload("abc", 1000, 1);
  CHECK(file->size == 3);
  CHECK(file->digest.starts_with("\xBA\x78\x16\xBF"));  // FIPS 180-4, "abc"
  CHECK(file->digest.size() == 32);
  CHECK_FALSE(upload("", 1000, 1000, "").has_value());
  CHECK(upload("")->size == 0);
  CHECK(upload("abcd", 3)->bytes == nullptr);
}

TEST_CASE("a file field says what is wrong with a file") {
  const Rules images{.max = 1024 * 1024, .types = {"image/png", "image/jpeg", "image/webp"}};
  CHECK(message(images, {}) == "");
  CHECK(message(images, {{"photo", ""}}) == "");
  CHECK(message(images, sent(1024 * 1024, "image/png")) == "");
  CHECK(message(images, sent(0, "")) == "This file is empty.");
  CHECK(message(images, sent(1024 * 1024 + 1, "image/png")) == "Send a file of at most 1 MiB.");
  CHECK(message(images, sent(1, "image/gif")) == "Send a PNG, JPEG or WebP image.");
  CHECK(message({.max = 10, .types = {"image/png", "application/pdf"}}, sent(1, "text/html")) ==
        "Send a PNG or PDF file.");
  CHECK(message({.max = 512 * 1024}, sent(1 << 20, "image/png")) ==
        "Send a file of at most 512 KiB.");
  CHECK(message({.required = true, .max = 10}, {}) == "This field is required.");
  CHECK(message({.max = 10, .types = {"image/png"}, .message = "No."}, sent(1, "image/gif")) ==
        "No.");
  CHECK(message(images, {{"photo", "me.png"}}).starts_with("Send the file itself"));
}

TEST_CASE("a file without a stated limit may have 1 MiB") {
  CHECK(message({}, sent(1024 * 1024, "image/png")) == "");
  CHECK(message({}, sent(1024 * 1024 + 1, "image/png")) == "Send a file of at most 1 MiB.");
}

TEST_CASE("P8 two files for one field are an error of that field") {
  FieldValues two = sent(1, "image/png");
  two.push_back(two.front());
  CHECK(message({.max = 10}, two) == "Send one file only.");
  CHECK(repeated_field(two, form_with({}).describe()) == std::nullopt);
  FieldValues twin = sent(1, "image/png");
  twin.insert(twin.begin(), {"photo", ""});
  CHECK(message({.max = 10}, twin) == "");
}

TEST_CASE("a form hands its file on, and shows none") {
  const auto read = form_with({.max = 10}).read(sent(3, "image/png"));
  CHECK(std::get<Input>(read).photo->size == 3);
  CHECK(form_with({.max = 10}).write(std::get<Input>(read)).size() == 1);  // the name alone
}

TEST_CASE("S36 the limit of a body follows from the fields of its form") {
  const auto limit = [](std::vector<FieldDescription> fields) {
    return body_limit({"", std::move(fields)});
  };
  constexpr std::size_t kib = 1024;
  CHECK(limit({}) == 64 * kib);
  const std::size_t text = limit({{"a", Kind::Text, {.max = 2000}}});
  CHECK(text == (64 + 24 + 1) * kib);
  CHECK(limit({{"a", Kind::Text, {.max = 2000}}, {"b", Kind::File, {.max = 5000}}}) ==
        text + 2 * kib + 5000);
  CHECK(limit({{"a", Kind::List, {}}}) == max_body_bytes);
  CHECK(limit({{"a", Kind::List, {.one_of = {"red", "green"}}}}) == 67 * kib);
  CHECK(limit({{"a", Kind::Text, {.max = std::numeric_limits<std::int64_t>::max()}}}) ==
        max_body_bytes);
}

TEST_CASE("S36 a body beyond the limit of its form is refused unread, text with the same limit") {
  const FormDescription form = form_with({.max = 1024 * 1024}).describe();
  Request request;
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  request.content_length = text_limit(form) + 1;
  CHECK(std::get<Problem>(read_fields(request, form, nullptr)).status == 413);
}
