// libFuzzer: which notation a body is in, and whether it is as long as announced.  The first line
// is the Content-Type, the second the Content-Length, the rest the body.
//
// Covers: forms/body.cpp http/media_type.cpp

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/body.h"
#include "fuzz/files.h"
#include "http/media_type.h"

using namespace actiond;

namespace {

// Without the spaces and in the upper case that mean nothing; quoted, what is a token.
std::string written_again(const MediaType& media) {
  std::string text = media.type;
  for (const auto& [name, value] : media.parameters)
    text.append(" ;\t").append(name).append("= \"").append(value).append("\" ");
  return text;
}

void check_media_type(const std::string& text) {
  const auto media = parse_media_type(text);
  if (!media) return;
  fuzz::demand(!media->type.empty(), "no type");
  for (const auto& [name, value] : media->parameters) {
    fuzz::demand(!name.empty() && to_lower(name) == name, "a parameter without a name");
    // No token of RFC 9110, and not to be quoted.
    if (value.find_first_of("\"\\") != value.npos) return;
  }
  const auto again = parse_media_type(written_again(*media));
  fuzz::demand(again && again->type == media->type && again->parameters == media->parameters,
               "another media type");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = fuzz::to_text(data, size);
  const std::string type(fuzz::take_until(body, '\n'));
  const std::string_view length = fuzz::take_until(body, '\n');
  check_media_type(type);

  std::vector<fuzz::Parsed> outcomes;
  for (const std::size_t step : {body.size() + 1, std::size_t{1}}) {
    Request request;
    if (!type.empty()) request.headers.push_back({"content-type", type});
    request.content_length = body.size();
    std::from_chars(length.data(), length.data() + length.size(), request.content_length);
    std::size_t asked = 0;
    request.read_body = [&asked, source = fuzz::source_of(body, step)](char* into,
                                                                       std::size_t room) {
      const std::size_t read = source(into, room);
      asked += read;
      return read;
    };
    outcomes.push_back(read_fields(request, fuzz::form_with_file, fuzz::new_bytes));
    fuzz::demand_fields_or_problem(outcomes.back());
    fuzz::demand(asked <= request.content_length + 1, "more is read than announced");
    if (std::holds_alternative<FieldValues>(outcomes.back()) && request.content_length > 0)
      fuzz::demand(body.size() == request.content_length, "another length than announced");
  }
  fuzz::demand(fuzz::same(outcomes[0], outcomes[1]), "it matters in which pieces it comes");
  return 0;
}
