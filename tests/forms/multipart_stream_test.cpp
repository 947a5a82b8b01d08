#include <doctest/doctest.h>

#include <algorithm>

#include "forms/body.h"
#include "http/words.h"

using namespace actiond;

namespace {

// Collects the bytes of one file.
struct Received final : FileBytes {
  std::string bytes;
  std::size_t largest_piece = 0;

  void append(std::string_view piece) override {
    bytes += piece;
    largest_piece = std::max(largest_piece, piece.size());
  }
  std::size_t read(std::size_t offset, char* into, std::size_t size) const override {
    return offset < bytes.size() ? bytes.copy(into, size, offset) : 0;
  }
  void sync() override {}
};

constexpr std::size_t mib = 1024 * 1024;
const FormDescription form{"",
                           {{"text", Kind::Text, {.max = 2000}},
                            {"photo", Kind::File, {.max = 8 * mib}},
                            {"small", Kind::File, {.max = 100}}}};

std::string text_part(const std::string& name, const std::string& value) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string file_part(const std::string& name, const std::string& bytes,
                      const std::string& file_name = "f") {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file_name +
         "\"\r\nContent-Type: text/plain; charset=latin1\r\n\r\n" + bytes + "\r\n";
}

struct Outcome {
  std::variant<FieldValues, Problem> fields;
  std::vector<std::shared_ptr<Received>> files;

  const Problem& problem() const { return std::get<Problem>(fields); }
  const FieldValues& values() const { return std::get<FieldValues>(fields); }
};

// Reads `body`, of which at most `step` bytes come at a time.
Outcome parse_stream(const std::string& body, std::size_t step = 100'000) {
  Outcome outcome;
  std::size_t at = 0;
  const auto source = [&](char* into, std::size_t size) {
    const std::size_t read = body.copy(into, std::min(size, step), at);
    at += read;
    return read;
  };
  outcome.fields = parse_multipart(source, "multipart/form-data; boundary=b", form, [&outcome] {
    return outcome.files.emplace_back(std::make_shared<Received>());
  });
  return outcome;
}

}  // namespace

TEST_CASE("a large file comes in pieces of at most 64 KiB, whole") {
  std::string bytes(8 * mib, '\r');
  for (std::size_t at = 0; at < bytes.size(); at += 7) bytes[at] = static_cast<char>(at);
  const Outcome outcome =
      parse_stream(text_part("text", "x") + file_part("photo", bytes) + "--b--\r\n");
  REQUIRE(outcome.values().size() == 2);
  const File& file = *outcome.values()[1].file;
  CHECK(file.size == bytes.size());
  CHECK(file.name == "f");
  REQUIRE(outcome.files.size() == 1);
  CHECK(outcome.files[0]->bytes == bytes);
  CHECK(outcome.files[0]->largest_piece <= 64 * 1024);
}

TEST_CASE("what is read does not depend on how the bytes arrive") {
  const std::string bytes = "\r\n--a\r\n--\r\r\n--b" + std::string(1, '\0') + "\r\n-";
  // "\r\n--b" would end the part.
  const std::string safe = bytes.substr(0, 10) + bytes.substr(15);
  const std::string body =
      text_part("text", "one\r\ntwo") + file_part("photo", safe) + "--b--\r\nrest";
  for (const std::size_t step : {1, 2, 3, 5, 7, 64, 1000}) {
    CAPTURE(step);
    const Outcome outcome = parse_stream(body, step);
    REQUIRE(outcome.values().size() == 2);
    CHECK(outcome.values()[0].value == "one\r\ntwo");
    CHECK(outcome.files[0]->bytes == safe);
  }
}

TEST_CASE("a delimiter is found wherever the window ends") {
  for (std::size_t size = 64 * 1024 - 200; size < 64 * 1024 + 20; ++size) {
    const Outcome outcome = parse_stream(file_part("photo", std::string(size, 'x')) + "--b--\r\n");
    REQUIRE(outcome.files.size() == 1);
    CHECK(outcome.files[0]->bytes.size() == size);
  }
}

TEST_CASE("of a file over its field's limit only the size is kept") {
  const Outcome outcome = parse_stream(file_part("small", std::string(200'000, 'x')) + "--b--\r\n");
  CHECK(outcome.values()[0].file->size == 200'000);
  CHECK(outcome.values()[0].file->bytes == nullptr);
  for (const auto& file : outcome.files) CHECK(file.use_count() == 1);
}

TEST_CASE("P8 of a second file for one field no bytes are kept") {
  const Outcome outcome = parse_stream(file_part("photo", "x") + file_part("photo", "y") + "--b--");
  REQUIRE(outcome.values().size() == 2);
  CHECK(outcome.values()[0].file->bytes != nullptr);
  CHECK(outcome.values()[1].file->bytes == nullptr);
  CHECK(outcome.files.size() == 1);
}

TEST_CASE("files that no field takes are stored nowhere") {
  const std::string body = text_part("text", "x") + file_part("other", "bytes") + "--b--\r\n";
  const Outcome outcome = parse_stream(body);
  CHECK(outcome.values().size() == 1);
  CHECK(outcome.files.empty());
}

TEST_CASE("a field left empty is a field not sent") {
  CHECK(
      parse_stream(file_part("photo", "", "") + file_part("text", "") + "--b--").values().empty());
}

TEST_CASE("malformed and oversized bodies are refused") {
  struct Row {
    std::string body;
    int status;
    std::string detail;
  };
  std::string many;
  for (int at = 0; at < 1001; ++at) many += file_part("other", "x");
  const std::string long_header = "--b\r\nContent-Disposition: form-data; name=\"text\"; x=\"";
  for (const Row& row : std::vector<Row>{
           {"", 400, "it holds no boundary"},
           {"\r\r\r\r", 400, "it holds no boundary"},
           {"--bx", 400, "followed by something else"},
           {"--b\r\nnothing\r\n\r\n", 400, "header makes no sense"},
           {"--b\r\n\r\nx\r\n--b--", 400, "a part has no name"},
           {long_header + std::string(mib, 'a') + "\"\r\n\r\nx\r\n--b--", 400, "over 8192 bytes"},
           {file_part("photo", "x"), 400, "its last boundary is missing"},
           {text_part("text", std::string(mib + 1, 'x')) + "--b--", 413, "93 KiB"},
           {many + "--b--", 413, "limited to 1000 fields"},
           {file_part("text", "x") + "--b--", 400, "\"text\" is a file"},
           {file_part("photo", "x", std::string("a\0b", 3)) + "--b--", 400, "control character"},
           {file_part("photo", "x", "\xFF") + "--b--", 400, "not UTF-8"},
       }) {
    CAPTURE(row.detail);
    const Outcome outcome = parse_stream(row.body);
    REQUIRE(std::holds_alternative<Problem>(outcome.fields));
    CHECK(outcome.problem().status == row.status);
    CHECK(in_english(outcome.problem().detail).find(row.detail) != std::string::npos);
    // Nobody holds on to the bytes of a refused body.
    for (const auto& file : outcome.files) CHECK(file.use_count() == 1);
  }
}

TEST_CASE("a name of a file is handed on as data, whatever it says") {
  for (const std::string name : {"../../x", "/etc/passwd", "..\\..\\x", "C:\\x", "x.php", "."}) {
    const Outcome outcome = parse_stream(file_part("photo", "x", name) + "--b--");
    CHECK(outcome.values()[0].file->name == name);
    CHECK(outcome.values()[0].file->type == "application/octet-stream");
  }
}
