#include "program/site_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include "account/actions.h"
#include "base/encoding.h"
#include "files/pages.h"
#include "files/secret_file.h"
#include "http/url.h"
#include "mail/template.h"
#include "program/messages.h"

namespace actiond {

namespace {

PageTexts texts_of(const SitePages& site) {
  PageTexts texts;
  for (const auto& [name, page] : site.pages) texts.emplace(name, page.html);
  for (const auto& [name, fault] : site.faults) texts.emplace(name, "");
  return texts;
}

std::vector<std::string> hosts_of(const Settings& settings) {
  std::vector<std::string> hosts;
  for (const std::string& origin : settings.origins) hosts.push_back(host_of(origin));
  return hosts;
}

// Where the line of a page with its frames was written; nothing for a line that it has not.
const SourceLine* source_of(const SitePages& site, const std::string& page, std::size_t line) {
  const auto found = site.pages.find(page);
  const bool is_there = found != site.pages.end() && line - 1 < found->second.lines.size();
  return is_there ? &found->second.lines[line - 1] : nullptr;
}

// Each finding at the line of the page or the frame that was written there, once: a frame is part
// of many pages.  Of a page whose frames do not fit, that alone.
PageFindings at_their_sources(PageFindings findings, const SitePages& site) {
  PageFindings moved;
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& [name, fault] : site.faults)
    moved.push_back({name, fault.line, fault.what(), fault.mend, true});
  for (PageFinding& finding : findings) {
    if (site.faults.contains(finding.page)) continue;
    if (const SourceLine* source = source_of(site, finding.page, finding.line)) {
      finding.line = source->line;
      if (!source->frame.empty()) finding.page = source->frame;
    }
    if (seen.emplace(finding.place(), finding.what).second) moved.push_back(std::move(finding));
  }
  return moved;
}

// Of the mails that answer a form.
std::set<std::string, std::less<>> answer_texts(const Settings& settings) {
  auto names = text_names(settings.courier.texts);
  for (const std::string_view name : library_texts) names.erase(std::string(name));
  return names;
}

PageFindings check_mail_texts(const Settings& settings) {
  const auto there = text_names(settings.courier.texts);
  PageFindings found;
  for (const std::string_view name : library_texts)
    if (!there.contains(name))
      found.push_back({(settings.courier.texts / fmt::format("{}.txt", name)).string(), 1,
                       "This text is missing: such a mail cannot be sent.",
                       "Copy it from conf/mail of actiond."});
  return found;
}

// Not what the documentation stands for one, nor a piece: anybody could sign with these.
bool may_be_secret(std::string_view line) {
  return line.size() >= 8 && std::ranges::all_of(line, [](char c) { return c > ' ' && c < 0x7F; });
}

// A plan without a link is sold by the courier's sessions alone.
void require_links(const PaymentSettings& payments) {
  for (const Plan& plan : payments.plans)
    if (plan.link.empty() && !payments.makes_sessions())
      throw std::runtime_error(
          fmt::format("{} is missing: the plan \"{}\" has no link", session_page, plan.name));
}

}  // namespace

Settings with_pages(Settings settings) {
  const SitePages pages = read_pages(settings.static_root);
  const PageTexts texts = texts_of(pages);
  if (texts.contains(plans_page) && texts.contains(billing_page)) {
    PaymentSettings payments = settings.stripe.payments;
    payments.takes_events = !settings.stripe.secrets.empty();
    payments.origin = settings.origins.front();
    payments.has_session_page = texts.contains(session_page);
    require_links(payments);
    settings.site.payments = std::make_shared<const PaymentSettings>(std::move(payments));
  }
  // A form takes no name of the inbox's own actions either.
  settings.site.inbox_forms = {};
  settings.site.inbox_forms.has_pages = true;
  settings.site.inbox_forms = find_inbox_forms(
      texts, hosts_of(settings), catalogue_of(settings.site),
      {settings.courier.notify, std::int64_t{settings.inbox_file_mib} * 1024 * 1024,
       answer_texts(settings), [&pages](const std::string& page, std::size_t line) {
         const SourceLine* source = source_of(pages, page, line);
         if (source == nullptr) return fmt::format("{}:{}", page, line);
         return fmt::format("{}:{}", source->frame.empty() ? page : source->frame, source->line);
       }});
  settings.site.hidden_fields =
      find_hidden_fields(texts, catalogue_of(settings.site), hosts_of(settings));
  return settings;
}

std::vector<std::string> read_webhook_secrets(const StripeSettings& stripe) {
  std::vector<std::string> secrets;
  for (const std::string& line : read_secrets(stripe.secrets))
    if (const std::string_view secret = trimmed(line); !secret.starts_with('#'))
      secrets.emplace_back(secret);
  if (secrets.empty())
    throw std::runtime_error(
        fmt::format("{} holds comments, and no secret", stripe.secrets.string()));
  if (!std::ranges::all_of(secrets, may_be_secret))
    throw std::runtime_error(fmt::format("{} holds a line that is no secret of Stripe's: whsec_…",
                                         stripe.secrets.string()));
  return secrets;
}

Settings with_secrets(Settings settings) {
  if (!settings.site.payments || settings.stripe.secrets.empty()) return settings;
  PaymentSettings payments = *settings.site.payments;
  payments.secrets = read_webhook_secrets(settings.stripe);
  settings.site.payments = std::make_shared<const PaymentSettings>(std::move(payments));
  return settings;
}

std::string inbox_forms_text(const Settings& settings) {
  std::string lines;
  for (const auto& form : settings.site.inbox_forms.forms)
    lines += fmt::format("{}\n", to_text(*form));
  return lines;
}

SiteCheck check_site(const Settings& settings) {
  std::error_code unreadable;
  if (std::filesystem::directory_iterator(settings.static_root, unreadable); unreadable)
    return {0,
            {{settings.static_root.string(), 0,
              fmt::format("site.static is no folder of pages: {}.", unreadable.message()),
              "Name in the settings the folder of the site's pages, which can be read."}}};
  const SitePages site = read_pages(settings.static_root);
  PageTexts texts = texts_of(site);
  // The actions of these forms are off.
  if (!settings.site.signs_in_by_mail)
    for (const std::string_view page : account::mail_sign_in_pages) texts.erase(std::string(page));
  PageFindings findings = check_pages(texts, catalogue_of(settings.site), hosts_of(settings));
  std::ranges::copy(settings.site.inbox_forms.findings, std::back_inserter(findings));
  std::ranges::move(check_script_messages(texts, load_languages(settings.messages)),
                    std::back_inserter(findings));
  findings = at_their_sources(std::move(findings), site);
  for (const std::string& circle : site.circles)
    findings.push_back({circle, 1, "The link leads back to a folder in which it lies.",
                        "Remove it: pages below it have no frames."});
  for (const std::string& stray : site.strays)
    findings.push_back({stray, 1, "Its form is none: nginx serves the file, and it is no page.",
                        "Let its name end in .html."});
  std::ranges::move(check_messages(settings.messages), std::back_inserter(findings));
  std::ranges::move(check_mail_texts(settings), std::back_inserter(findings));
  return {texts.size(), std::move(findings)};
}

void require_pages(const SiteCheck& checked, const Settings& settings) {
  const auto missing = std::ranges::find_if(checked.findings, &PageFinding::stops_start);
  if (missing != checked.findings.end())
    throw std::runtime_error(
        fmt::format("{}: {}", (settings.static_root / missing->place()).string(), missing->what));
}

std::string to_text(const PageFinding& finding, const Settings& settings) {
  return fmt::format("{}: {}\n    mend: {}\n", (settings.static_root / finding.place()).string(),
                     finding.what, finding.mend);
}

}  // namespace actiond
