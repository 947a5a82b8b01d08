#include "action/action.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "http/url.h"

namespace actiond {

std::string DeclaredName::place() const {
  const std::filesystem::path path = file;
  return fmt::format("{}:{}", (path.parent_path().filename() / path.filename()).string(), line);
}

void require_life(std::string_view action, const Inbox& inbox) {
  if (inbox.kept_for && *inbox.kept_for < std::chrono::days(1))
    throw std::logic_error(fmt::format("the action {} keeps its messages for no day", action));
}

bool Action::stands_in(std::string_view page) const {
  return !page.empty() && (form.page == page || std::ranges::count(more_pages, page) > 0);
}

const Leave& named(const Leave& leave, const Action& action) {
  const auto url = resolve_url(leave.address, "/");
  // The whole address may be a secret of the visitor's, and this goes into the log.
  const std::string host = url ? url->host : "";
  if (!url || url->scheme != "https" || std::ranges::count(action.leads_to, host) == 0)
    throw std::logic_error("an action leads to \"" + host + "\", which it does not name");
  return leave;
}

}  // namespace actiond
