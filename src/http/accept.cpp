#include "http/accept.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <tuple>

#include "base/encoding.h"

namespace actiond {
namespace {

// Where the next `separator` stands outside of a quoted-string (RFC 9110 section 5.6.4).
std::size_t find_outside_quotes(std::string_view list, char separator) {
  bool is_quoted = false;
  for (std::size_t at = 0; at < list.size(); ++at) {
    if (is_quoted && list[at] == '\\')
      ++at;
    else if (list[at] == '"')
      is_quoted = !is_quoted;
    else if (list[at] == separator && !is_quoted)
      return at;
  }
  return list.size();
}

// Takes the part before the next `separator` off the front of `list`.
std::string_view take(std::string_view& list, char separator) {
  const std::size_t end = find_outside_quotes(list, separator);
  const std::string_view part = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return part;
}

// 0 to 1000.  A weight that cannot be read counts as none given.
int weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string parameter = to_lower(take(parameters, ';'));
    if (!parameter.starts_with("q=")) continue;
    double q = 1;
    std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), q);
    return q >= 0 && q <= 1 ? static_cast<int>(q * 1000 + 0.5) : 1000;
  }
  return 1000;
}

// 3 when `range` names `type`, 2 for its "main/*", 1 for "*/*", 0 when it does not cover it.
int specificity(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  const std::string_view main = type.substr(0, type.find('/') + 1);
  if (range.size() == main.size() + 1 && range.starts_with(main) && range.ends_with('*')) return 2;
  return range == "*/*" ? 1 : 0;
}

struct Candidate {
  Media media;
  std::string_view type;
  std::string_view other_type = type;  // the same answer, when it is a problem
  int specificity = 0;
  int weight = 0;
  int position = 0;
};

// Sets how much the client wants each.
void weigh(std::string_view accept, std::span<Candidate> candidates) {
  for (int position = 1; !accept.empty(); ++position) {
    std::string_view parameters = take(accept, ',');
    const std::string range = to_lower(take(parameters, ';'));
    for (Candidate& candidate : candidates) {
      const int found =
          std::max(specificity(range, candidate.type), specificity(range, candidate.other_type));
      if (found <= candidate.specificity) continue;
      candidate.specificity = found;
      candidate.weight = weight(parameters);
      candidate.position = position;
    }
  }
}

bool is_less(const Candidate& a, const Candidate& b) {
  return std::tuple(a.weight, a.specificity, -a.position) <
         std::tuple(b.weight, b.specificity, -b.position);
}

// Json stands first: it wins where the client does not care.
constexpr std::array three{Candidate{Media::Json, "application/json", "application/problem+json"},
                           Candidate{Media::Html, "text/html"},
                           Candidate{Media::Text, "text/plain"}};

}  // namespace

Media preferred_media(std::string_view accept) {
  std::array candidates = three;
  weigh(accept, candidates);
  const auto best = std::ranges::max_element(candidates, is_less);
  return best->weight == 0 ? Media::Json : best->media;
}

bool prefers_csv(std::string_view accept) {
  std::array candidates = three;
  std::array csv{Candidate{Media::Text, "text/csv"}};
  weigh(accept, candidates);
  weigh(accept, csv);
  return csv[0].weight > 0 && is_less(*std::ranges::max_element(candidates, is_less), csv[0]);
}

std::string_view preferred_language(std::string_view accept_language) {
  std::string_view best;
  for (int most = 0; !accept_language.empty();) {
    std::string_view parameters = take(accept_language, ',');
    const std::string_view language = take(parameters, ';');
    const int wanted = language == "*" || language.empty() ? 0 : weight(parameters);
    if (wanted <= most) continue;
    most = wanted;
    best = language;
  }
  return best;
}

}  // namespace actiond
