// libFuzzer: what comes over a FastCGI connection.  It means the same in one piece and byte by byte.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "pool/fastcgi.h"

using namespace actiond;

namespace {

std::string body(RequestRecords& records) {
  std::string all(records.body_bytes(), '\0');
  records.read_body(all.data(), all.size());
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  RequestRecords whole, piecewise;
  const bool taken = whole.take(bytes);
  bool taken_piecewise = true;
  for (std::size_t at = 0; at < size && taken_piecewise; ++at)
    taken_piecewise = piecewise.take(bytes.substr(at, 1));
  fuzz::demand(taken == taken_piecewise, "taken in one piece only");
  if (!taken) return 0;
  fuzz::demand(whole.parameters() == piecewise.parameters(), "other parameters");
  fuzz::demand(whole.has_body() == piecewise.has_body(), "another end");
  fuzz::demand(body(whole) == body(piecewise), "another body");
  const auto request = to_request(whole);
  fuzz::demand(request.has_value() == whole.parameters().has_value(), "no request");
  if (request)
    fuzz::demand(!request->id.empty() && request->id.size() <= 64, "an id that no header takes");
  return 0;
}
