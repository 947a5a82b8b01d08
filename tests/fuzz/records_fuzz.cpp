// libFuzzer: what comes over a FastCGI connection, and what goes back.
//
// Covers: pool/fastcgi/records.cpp pool/fastcgi/fastcgi.cpp

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "pool/fastcgi/fastcgi.h"

using namespace actiond;

namespace {

std::string body(RequestRecords& records) {
  std::string all;
  char piece[100];
  while (const std::size_t read = records.read_body(piece, sizeof piece)) all.append(piece, read);
  return all;
}

// It means the same in one piece and byte by byte.
void check_pieces(std::string_view bytes) {
  RequestRecords whole, piecewise;
  const bool taken = whole.take(bytes);
  bool taken_piecewise = true;
  for (std::size_t at = 0; at < bytes.size() && taken_piecewise; ++at)
    taken_piecewise = piecewise.take(bytes.substr(at, 1));
  fuzz::demand(taken == taken_piecewise, "taken in one piece only");
  if (!taken) return;
  fuzz::demand(whole.parameters() == piecewise.parameters(), "other parameters");
  fuzz::demand(whole.has_begun() == piecewise.has_begun() &&
                   whole.has_parameters() == piecewise.has_parameters() &&
                   whole.has_body() == piecewise.has_body(),
               "another end");
  fuzz::demand(
      whole.id() == piecewise.id() && whole.keeps_connection() == piecewise.keeps_connection(),
      "another request");
  RequestRecords dropping = whole;
  dropping.discard_body();
  fuzz::demand(dropping.body_bytes() == 0, "a dropped body is there");
  fuzz::demand(body(whole) == body(piecewise), "another body");
}

void check_request(const RequestRecords& records) {
  const auto parameters = records.parameters();
  const auto request = to_request(records);
  fuzz::demand(request.has_value() == parameters.has_value(), "no request");
  if (!request) return;
  fuzz::demand(!request->id.empty() && request->id.size() <= 64, "an id that no header takes");
  for (const char c : request->id) fuzz::demand(c > ' ' && c < '\x7F', "an id that no log takes");
  std::size_t bytes = 0, headers = 0;
  for (const auto& [name, value] : *parameters) {
    bytes += name.size() + value.size();
    if (name.starts_with("HTTP_")) ++headers;
  }
  fuzz::demand(bytes <= max_parameter_bytes, "parameters beyond the limit");
  fuzz::demand(request->headers.size() == headers, "other headers than came");
}

std::string length_bytes(std::size_t size, bool long_form) {
  if (size < 128 && !long_form) return {static_cast<char>(size)};
  return {static_cast<char>(size >> 24 | 0x80), static_cast<char>(size >> 16),
          static_cast<char>(size >> 8), static_cast<char>(size)};
}

std::string record(unsigned char type, std::string_view content) {
  const std::string head{1,
                         static_cast<char>(type),
                         0,
                         7,
                         static_cast<char>(content.size() >> 8),
                         static_cast<char>(content.size() & 0xFF),
                         0,
                         0};
  return head + std::string(content);
}

// Any name and value come out as they went in.
void check_pair(std::string_view text) {
  text = text.substr(0, 60'000);
  std::string_view value = text;
  const std::string_view name = fuzz::take_until(value, '\n');
  for (const bool long_form : {false, true}) {
    const std::string pair = length_bytes(name.size(), long_form) +
                             length_bytes(value.size(), long_form) +
                             std::string(name).append(value);
    RequestRecords records;
    fuzz::demand(records.take(record(1, std::string{0, 1, 0, 0, 0, 0, 0, 0}) + record(4, pair) +
                              record(4, "")),
                 "refused");
    fuzz::demand(records.parameters() == RequestRecords::Parameters{{name, value}}, "another pair");
  }
}

// The content of the records of type `type`.
std::string content_of(std::string_view records, unsigned char type) {
  std::string all;
  while (!records.empty()) {
    fuzz::demand(records.size() >= 8 && records[0] == 1, "no record");
    const auto byte = [&](std::size_t at) -> std::size_t {
      return static_cast<unsigned char>(records[at]);
    };
    const std::size_t length = byte(4) << 8 | byte(5);
    fuzz::demand(byte(2) == 0x12 && byte(3) == 0x34, "of another request");
    fuzz::demand(records.size() >= 8 + length + byte(6), "half a record");
    if (byte(1) == type) all += records.substr(8, length);
    records.remove_prefix(8 + length + byte(6));
  }
  return all;
}

void check_answer(std::string_view text) {
  const std::string records = to_records(0x1234, text);
  fuzz::demand(content_of(records, 6) == text, "another answer");
  fuzz::demand(content_of(records, 3) == std::string(8, '\0'), "no end of the request");
  Response response(200);
  response.set_header("X-Test", "1");
  response.body = text;
  fuzz::demand(to_cgi(response) == "Status: 200 OK\r\nX-Test: 1\r\n\r\n" + std::string(text),
               "another response");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::to_text(data, size);
  check_pieces(bytes);
  RequestRecords records;
  if (records.take(bytes)) check_request(records);
  check_pair(bytes);
  check_answer(bytes);
  return 0;
}
