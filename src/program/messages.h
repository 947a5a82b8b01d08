// The message files of a site, TAG.toml: the texts that visitors see in the language TAG.
#pragma once

#include <array>
#include <filesystem>

#include "action/page_check.h"
#include "http/words.h"

namespace actiond {

// English alone when there is no such folder.  Throws std::runtime_error, which names file and
// line, for a file that is no TOML or holds something else than texts.
Languages load_languages(const std::filesystem::path& folder);

// Compares each file with the English messages, the built-in ones and those of en.toml: a name that
// is missing or unknown, a text whose placeholders differ.  Throws as `load_languages`.  `page` of
// a finding is the whole path of its file.
PageFindings check_messages(const std::filesystem::path& folder);

// The messages that static/actions.js has in English.  A page in another language holds them in
// attributes of its element with data-words: "script.signed_out" in data-signed-out.
constexpr std::array<const char*, 8> script_messages{
    "summary.heading", "summary.title_start", "answer.sign_in_link", "script.unreachable",
    "script.offline",  "script.signed_out",   "script.unreadable",   "script.request"};

// Reports each page whose script does not say what `languages` say in the language of the page.
PageFindings check_script_messages(const PageTexts& pages, const Languages& languages);

}  // namespace actiond
