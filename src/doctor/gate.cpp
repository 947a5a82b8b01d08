// Static files behind a level: asked for as nobody.  Which folders have a gate nginx itself tells:
// there it refuses even a name that is not there.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "action/form_places.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "doctor/asking.h"
#include "doctor/processes.h"
#include "http/local_path.h"
#include "http/url.h"
#include "page/page.h"

namespace actiond::doctor {
namespace {

namespace fs = std::filesystem;

struct File {
  std::string url;
  fs::path canonical;  // the same for all links to it
  bool is_gated;
};

bool is_refused(int status) { return status == 401 || status == 403; }

class Walk {
 public:
  explicit Walk(const Origin& origin) : origin_(origin) {}

  // `above` are the folders that lead here: a link back to one of them is gone no further.
  void into(const fs::path& folder, const std::string& url, std::set<fs::path> above) {
    if (!above.insert(fs::canonical(folder)).second) return;
    const std::string none = url + "doctor-" + to_base64url(random_bytes(9));
    const bool is_gated = is_refused(send(origin_, "GET", none).status);
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      std::error_code error;
      if (name.starts_with('.') || !entry.exists(error)) continue;
      const std::string at = url + to_percent_encoded(name);
      if (entry.is_directory(error))
        into(entry.path(), at + "/", above);
      else if (entry.is_regular_file(error))
        files.push_back({at, fs::canonical(entry.path()), is_gated});
    }
  }

  std::vector<File> files = {};

 private:
  const Origin& origin_;
};

Finding sent_to_anybody(const Origin& origin, const File& file, const std::string& gated) {
  if (file.is_gated)
    return {
        fmt::format("{}{} is sent to anybody, though its folder has a gate", origin.text, file.url),
        "Another location of nginx, such as a `location ~` for its ending, is asked first.",
        "Write `location ^~` for the folder's own, which no other overrules."};
  return {fmt::format("{}{} is sent to anybody, and is the same file as {}", origin.text, file.url,
                      gated),
          "A link leads from an open folder past the gate.",
          "Remove the link, or set `disable_symlinks on;` in nginx's server block."};
}

// Includes are requests that nginx makes of itself, which pass no gate.
Findings check_includes(const Origin& origin, const std::vector<File>& files) {
  constexpr std::string_view include = "<!--#include";
  Findings found;
  for (const File& file : files)
    if (read_whole(file.canonical).find(include) != std::string::npos) {
      const HttpAnswer answer = send(origin, "GET", file.url);
      if (answer.status == 200 && answer.body.find(include) == std::string::npos)
        found.push_back({fmt::format("{}{}: nginx carries out its includes", origin.text, file.url),
                         "What a page includes passes no gate.",
                         "Set `ssi off;`, or put nothing that has a gate into pages."});
    }
  return found;
}

// An action answers a wrong field with its page, to everybody that it is for.
Findings check_pages_of_actions(const Patient& patient, const Origin& origin,
                                const std::vector<File>& files) {
  const auto lang_of = [&](const std::string& page) -> std::optional<std::string> {
    try {
      return Page(read_whole(patient.settings.static_root / page)).lang();
    } catch (const std::invalid_argument&) {
      return std::nullopt;  // too long or too deep, which `check` says
    }
  };
  const auto comes_back = [&](const Action& action, const std::string& page) {
    return action.stands_in(page) && page_that_comes_back(action, page, lang_of) == page;
  };
  Findings found;
  const Catalogue catalogue = catalogue_of(patient.settings.site);
  for (const Action& action : catalogue.actions())
    for (const File& file : files)
      if (action.level() == Level::Public && comes_back(action, page_at(file.url)) &&
          is_refused(send(origin, "GET", file.url).status))
        found.push_back({fmt::format("{}{} has a gate, and is the page of {}, which is public",
                                     origin.text, file.url, action.name),
                         "The action shows it to whoever sends a wrong field.",
                         "Give the action the level of its page, or move the page."});
  return found;
}

Findings check_origin(const Patient& patient, const Origin& origin) {
  Walk walk(origin);
  walk.into(patient.settings.static_root, "/", {});
  std::map<fs::path, std::string> gated;
  for (const File& file : walk.files)
    if (file.is_gated) gated.emplace(file.canonical, file.url);
  // A gate may be before one file alone.
  Findings found = check_pages_of_actions(patient, origin, walk.files);
  if (gated.empty()) return found;
  for (const File& file : walk.files)
    if (const auto same = gated.find(file.canonical); same != gated.end())
      if (send(origin, "GET", file.url).status == 200)
        found.push_back(sent_to_anybody(origin, file, same->second));
  std::ranges::move(check_includes(origin, walk.files), std::back_inserter(found));
  return found;
}

}  // namespace

Findings check_gate(const Patient& patient) {
  Findings found;
  for (const Origin& origin : answering_origins(patient))
    std::ranges::move(check_origin(patient, origin), std::back_inserter(found));
  return found;
}

}  // namespace actiond::doctor
