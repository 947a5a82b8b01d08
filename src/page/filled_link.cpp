#include "page/filled_link.h"

#include <algorithm>

#include "base/encoding.h"
#include "http/url.h"

namespace actiond {
namespace {

constexpr std::size_t usual_link = 64;

bool is_one_of(const std::vector<std::string>& hosts, const std::string& host) {
  return std::ranges::find(hosts, host) != hosts.end();
}

bool is_in_path(std::string_view link) { return link.find_first_of("?#") == link.npos; }

bool is_mail_or_phone(std::string_view link) {
  const std::string lower = to_lower(link.substr(0, 7));
  return lower == "mailto:" || lower.starts_with("tel:");
}

// A browser reads `\` as '/', drops tabs, line breaks and the control characters around, and takes
// "https:host" for a host where the page has the other scheme.
bool is_ambiguous(std::string_view link) {
  if (link.empty() || link.front() == ' ' || link.back() == ' ') return true;
  if (has_control_character(link) || link.find_first_of("\t\r\n\\") != link.npos) return true;
  const std::string lower = to_lower(link.substr(0, 9));
  for (const std::string_view scheme : {"http:", "https:"})
    if (lower.starts_with(scheme) &&
        (lower.substr(scheme.size(), 2) != "//" || lower.substr(scheme.size(), 3) == "///"))
      return true;
  return false;
}

// `value` as a part of `link`, or nothing where it would lead out of that part: an empty segment
// makes "//", and dots lead to another folder.
std::optional<std::string> as_component(std::string_view value, std::string_view link) {
  const bool is_only_dots = value.find_first_not_of('.') == value.npos;
  if (is_only_dots && is_in_path(link)) return std::nullopt;
  return to_percent_encoded(value, is_mail_or_phone(link) ? "@+" : "");
}

// `link` leads where this attribute may lead.  `written` is what the author wrote before any value.
bool may_lead_to(const Url& url, std::string_view written, std::string_view attribute,
                 const PageAddress& address) {
  if (url.path.starts_with("//")) return false;
  if (url.host.empty() || is_one_of(address.hosts, url.host)) return true;
  const auto own = resolve_url(written, "/");
  if (own && own->host == url.host) return true;
  const bool is_sent = attribute == "action" || attribute == "formaction";
  return !is_sent && url.scheme != "http" && is_one_of(address.linked_hosts, url.host);
}

}  // namespace

std::optional<std::string> filled_link(const FilledAttribute& attribute, const ValueOf& value_of,
                                       const PageAddress& address) {
  const bool is_whole = begins_with_name(attribute.pieces);
  std::string link;
  link.reserve(usual_link);
  for (const auto& [text, name] : attribute.pieces) {
    const bool is_start = is_whole && link.empty();
    if (!is_start) link += text;
    if (name.empty()) continue;
    const std::string* value = value_of(name);
    if (!value) return std::nullopt;
    if (is_start && value->empty()) return std::nullopt;
    const auto part = is_start ? std::optional(*value) : as_component(*value, link);
    if (!part) return std::nullopt;
    link += *part;
  }
  if (attribute.is_settled) return link;
  if (is_ambiguous(link)) return std::nullopt;
  if (attribute.name == "href" && is_mail_or_phone(link)) return link;
  const auto url = resolve_url(link, address.path.empty() ? "/" : address.path);
  const std::string_view written = is_whole ? "" : std::string_view(attribute.pieces[0].text);
  if (!url || !may_lead_to(*url, written, attribute.name, address)) return std::nullopt;
  // Relative to the page, which is shown under the address of an action.
  const bool is_relative = is_whole && url->host.empty() && link.find_first_of("/?#") != 0;
  return is_relative && !address.path.empty() ? url->path + url->rest : link;
}

bool is_settled(const FilledAttribute& attribute) {
  static const std::string some = "x";
  const std::string& written = attribute.pieces.front().text;
  return written.starts_with('/') && !is_in_path(written) &&
         filled_link(attribute, [](std::string_view) { return &some; }, {}).has_value();
}

}  // namespace actiond
