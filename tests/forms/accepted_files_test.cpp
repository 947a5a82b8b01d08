// The files that an accept names, told by their content or the end of their name.
#include "forms/accepted_files.h"

#include <doctest/doctest.h>

namespace actiond {
namespace {

bool takes(std::string_view accept, const std::string& name, const std::string& type) {
  return AcceptedFiles(accept).take(
      {.name = name, .type = type, .size = 1, .digest = "", .bytes = nullptr});
}
const std::string unknown = "application/octet-stream";

TEST_CASE("what a content tells is judged by it, whatever the name says") {
  for (const std::string_view accept :
       {".png", " .PNG ", "image/png", "image/*", ".pdf, image/*,"}) {
    CHECK(takes(accept, "a.exe", "image/png"));
    CHECK_FALSE(takes(accept, "a.png", unknown));
  }
  CHECK(takes(".jpg", "a", "image/jpeg"));
  CHECK(takes("image/*", "a", "image/webp"));
  CHECK_FALSE(takes(".pdf", "a.pdf", "image/png"));
  CHECK(AcceptedFiles(".pdf,.jpg").types() ==
        std::vector<std::string_view>{"application/pdf", "image/jpeg"});
}

TEST_CASE("what no content tells is judged by the end of its name") {
  CHECK(takes(".docx,.pdf", "Brief.DOCX", unknown));
  CHECK(takes(".docx,.pdf", "x", "application/pdf"));
  CHECK_FALSE(takes(".docx,.pdf", "docx", unknown));
  CHECK_FALSE(takes(".docx,.pdf", "a.docx.exe", unknown));
  CHECK(AcceptedFiles(".docx,.pdf").types().empty());
}

TEST_CASE("a type that no content tells is judged by the ends of names that it has") {
  for (const auto& [accept, name] : std::initializer_list<std::pair<const char*, const char*>>{
           {"audio/*", "a.mp3"},
           {"text/csv", "A.CSV"},
           {".pdf,application/zip", "a.zip"},
           {"image/svg+xml", "a.svg"},
           {"image/*, audio/mpeg", "a.mp3"},
           {"image/*", "a.heic"},
           {"image/*", "a.bmp"},
           {"image/*", "a.avif"},
           {"video/*", "a.mov"},
           {"application/msword", "a.doc"}}) {
    CAPTURE(accept);
    CHECK(takes(accept, name, unknown));
    CHECK_FALSE(takes(accept, "a.bin", unknown));
    CHECK_FALSE(takes(accept, "a.png", unknown));
    CHECK(AcceptedFiles(accept).unknown().empty());
  }
  CHECK(takes("image/jpg", "a", "image/jpeg"));
  CHECK_FALSE(takes("image/*", "a.svg", unknown));
  CHECK(AcceptedFiles("image/jpg, .jpeg,.jpg").types() ==
        std::vector<std::string_view>{"image/jpeg"});
}

TEST_CASE("every file is taken where nothing, or everything, is named") {
  for (const std::string_view accept : {"", " , ", "*/*", ".pdf, */*"})
    CHECK(takes(accept, "a.bin", unknown));
}

TEST_CASE("a kind of file that neither a content nor a name tells is found") {
  for (const std::string_view accept :
       {"application/x-own", "model/*", "png", "*", ".", "text/csv;charset=utf-8"}) {
    CHECK(AcceptedFiles(accept).unknown() == accept);
    CHECK_FALSE(takes(accept, "a.bin", unknown));
  }
}

TEST_CASE("what names no kind of file is found") {
  for (const std::string_view accept :
       {"", " , ", ".png", ".tar.gz, image/*", "application/vnd.ms-excel", "*/*"})
    CHECK(unknown_part(accept).empty());
  CHECK(unknown_part("png") == "png");
  CHECK(unknown_part(".pdf, *.png") == "*.png");
  CHECK(unknown_part(".png .jpg") == ".png .jpg");
  CHECK(unknown_part("image/") == "image/");
  CHECK(unknown_part(".") == ".");
}

}  // namespace
}  // namespace actiond
