#include "forms/upload.h"

#include <doctest/doctest.h>

#include "action/catalogue.h"
#include "forms/body.h"
#include "forms/form.h"

using namespace actiond;

namespace {

struct Nowhere final : FileBytes {
  void append(std::string_view) override {}
  std::size_t read(std::size_t, char*, std::size_t) const override { return 0; }
  void sync() override {}
};

std::optional<File> upload(std::string_view bytes, std::size_t max_bytes = 1000,
                           std::size_t step = 1000) {
  Upload upload("name", max_bytes, [] { return std::make_shared<Nowhere>(); });
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
  return errors ? errors->messages.at("photo") : "";
}

FieldValues sent(std::size_t size, std::string type) {
  return {{"photo", "", File{"f", std::move(type), size, "", std::make_shared<Nowhere>()}}};
}

Action action_with(Rules rules) {
  return public_action("photos", form_with(std::move(rules)),
                       [](const Input&, Transaction&) -> Result { return Redirect{"/"}; });
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

TEST_CASE("an upload knows its size and digest, and an empty one is nothing") {
  const auto file = upload("abc", 1000, 1);
  CHECK(file->size == 3);
  CHECK(file->digest.starts_with("\xBA\x78\x16\xBF"));  // FIPS 180-4, "abc"
  CHECK(file->digest.size() == 32);
  CHECK(!upload("").has_value());
  CHECK(upload("abcd", 3)->bytes == nullptr);
}

TEST_CASE("a file field says what is wrong with a file") {
  const Rules images{.max = 1024 * 1024, .types = {"image/png", "image/jpeg", "image/webp"}};
  CHECK(message(images, {}) == "");
  CHECK(message(images, {{"photo", ""}}) == "");
  CHECK(message(images, sent(1024 * 1024, "image/png")) == "");
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

TEST_CASE("a form hands its file on, and shows none") {
  const auto read = form_with({.max = 10}).read(sent(3, "image/png"));
  CHECK(std::get<Input>(read).photo->size == 3);
  CHECK(form_with({.max = 10}).write(std::get<Input>(read)).size() == 1);  // the name alone
}

TEST_CASE("a body may be as large as the files of its form on top of 1 MiB") {
  CHECK(body_limit(form_with({.max = 5}).describe()) == 1024 * 1024 + 5);
  CHECK(body_limit({}) == 1024 * 1024);
  // Text has the same limit everywhere.
  Request request;
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  request.content_length = 1024 * 1024 + 1;
  const auto read = read_fields(request, form_with({.max = 1024 * 1024}).describe(), nullptr);
  CHECK(std::get<Problem>(read).status == 413);
}

TEST_CASE("the catalogue shows a file field") {
  const Catalogue catalogue(
      {action_with({.max = 2 * 1024 * 1024, .types = {"image/png", "image/jpeg"}})});
  const std::string form = form_skeleton(catalogue.actions()[0]);
  CHECK(form.find("enctype=\"multipart/form-data\"") != form.npos);
  CHECK(form.find(
            "<input type=\"file\" id=\"photo\" name=\"photo\" accept=\"image/png,image/jpeg\">") !=
        form.npos);
  CHECK(catalogue_text(catalogue).find("photo (file, up to 2 MiB, image/png, image/jpeg)") !=
        std::string::npos);
  CHECK(catalogue_openapi(catalogue, "http://x").find("\"binary\"") != std::string::npos);
  const std::string nginx = catalogue_nginx(catalogue);
  CHECK(nginx.find("location = /actions/photos {\n    client_max_body_size 3328k;") != nginx.npos);
}
