#include "action/answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "action/catalogue.h"
#include "action/note.h"
#include "action/result_answer.h"
#include "action/shown_answer.h"
#include "action/spam.h"
#include "action/try_later.h"
#include "http/answer.h"
#include "http/cookie.h"

namespace actiond {
namespace {

Problem invalid(const FieldErrors& errors) {
  return {.status = 422,
          .detail = "answer.invalid",
          .errors = errors.messages,
          .reason = "invalid fields"};
}

constexpr std::string_view csv_format = "csv";

std::optional<Media> media_named(std::string_view format) {
  if (format == "html") return Media::Html;
  if (format == "json") return Media::Json;
  if (format == "text") return Media::Text;
  return std::nullopt;
}

const Problem not_acceptable{.status = 406, .detail = "query.format", .reason = "format"};
// The same for a row that is not there and for one that is somebody else's.
const Problem not_found{.status = 404, .detail = "answer.not_found", .reason = "not found"};

// The values are the action's own, but for the message that a submission is held.
Data said(Data data, const Words& words) {
  const auto held = data.values.find(std::string(held_output));
  if (held != data.values.end() && held->second == held_message)
    held->second = words.say(held_message);
  return data;
}

bool wants_csv(const Request& request, const Query& query) {
  return query.format.empty() ? prefers_csv(request.list_header("accept"))
                              : query.format == csv_format;
}

// Whether another visitor who asks the same would get the same answer, but for the request's id.
// nginx tells requests apart by method, address and the first Accept alone: conf/nginx/cached.conf.
bool is_for_everybody(const Visit& visit, const Response& response) {
  const auto& headers = visit.request.headers;
  const bool is_anonymous = !carries_session_cookie(visit.request) && !note_cookie(visit.request) &&
                            !visit.request.header("authorization");
  return response.status() == 200 && !response.rest && is_anonymous && visit.set_cookies.empty() &&
         std::ranges::count(headers, "accept", &Header::name) <= 1;
}

// Of a browser whose user typed something while the session ended.
bool must_keep_text(const Turn& turn) {
  const SentFrom from = sent_from(turn.values);
  const bool was_signed_in = turn.visit->session || from == SentFrom::PageOfUser;
  return turn.visit->media == Media::Html && from != SentFrom::NoPage && was_signed_in &&
         !declared_fields(turn.values, turn.action.form).empty();
}

bool is_for(const Gate& gate, const FormPlace& place) {
  return place.filled_by == nullptr || !gate.refusal(place.filled_by->guard);
}

// Only in a page of HTML.
void link_to_export(const Action& action, const FieldValues& query, Content& content) {
  if (content.listing)
    content.values[std::string(as_csv)] =
        fmt::format("/actions/{}?{}", action.name, query_of_export(query));
}

}  // namespace

bool asks_for_export(const Request& request, const Action& action) {
  if (!action.show) return false;
  const auto query = read_query(request, action.query);
  const auto* asked = std::get_if<Query>(&query);
  return asked != nullptr && wants_csv(request, *asked);
}

Response Answers::show(Visit& visit, const Action& action, Reader& db) const {
  const Gate gate = admission_.gate(db, visit);
  if (const auto refusal = gate.refusal(action.guard)) return visit.refuse(action, *refusal);
  if (visit.place.filled_by && visit.media == Media::Html)
    return to_response(Redirect{visit.place.address}, visit.media);
  const auto query = read_query(visit.request, action.query);
  if (const auto* problem = std::get_if<Problem>(&query)) return visit.fail(*problem);
  if (action.prepare) action.prepare(store_, std::get<Query>(query).values);
  Response response = show_as_asked(visit, action, gate, std::get<Query>(query));
  if (is_for_everybody(visit, response)) response.cached_for = action.cached_for;
  return response;
}

Response Answers::show_as_asked(Visit& visit, const Action& action, const Gate& gate,
                                const Query& query) const {
  const bool is_export = action.show && wants_csv(visit.request, query);
  if (!query.format.empty() && !is_export) {
    const auto media = media_named(query.format);
    if (!media) return visit.fail(not_acceptable);
    visit.media = *media;
  }
  Opened shown = load(gate, action, query.values, is_export ? For::Export : For::Page);
  if (std::holds_alternative<NotFound>(shown)) return visit.fail(not_found);
  if (const auto* errors = std::get_if<FieldErrors>(&shown)) {
    const Problem problem = invalid(*errors);
    if (visit.media != Media::Html || action.form.page.empty()) return visit.fail(problem);
    visit.record.reason = problem.reason;
    return pages_.give(visit, gate, action, problem.status,
                       {.action = action.name, .values = &query.values, .errors = errors});
  }
  if (const auto* download = std::get_if<Download>(&shown)) {
    store_.bring(download->kept);
    return to_response(*download);
  }
  if (const auto* leave = std::get_if<Leave>(&shown))
    return to_response(named(*leave, action), visit.media);
  Loaded& loaded = std::get<Loaded>(shown);
  if (is_export) {
    if (auto exported = export_list(visit, action, loaded.content)) return *std::move(exported);
    if (!query.format.empty()) return visit.fail(not_acceptable);
  }
  switch (visit.media) {
    case Media::Json: return to_json(loaded);
    case Media::Text: return to_text(loaded);
    case Media::Html: break;
  }
  return show_page(visit, action, gate, query, std::move(loaded));
}

Response Answers::show_page(Visit& visit, const Action& action, const Gate& gate,
                            const Query& query, Loaded loaded) const {
  // A view without a page is for programs.
  if (action.form.page.empty()) return to_json(loaded);
  if (action.show) visit.place = places_.shown(action, query.values);
  const FieldValues* values = loaded.values ? &*loaded.values : nullptr;
  if (action.is_view()) values = &query.values;
  link_to_export(action, query.values, loaded.content);
  Response response = pages_.give(visit, gate, action, 200,
                                  {.action = action.name,
                                   .values = values,
                                   .data = &loaded.content.values,
                                   .lists = &loaded.content.lists});
  if (const auto after = loaded.content.again_after)
    response.set_header("Refresh", std::to_string(after->count()));
  return response;
}

std::optional<Response> Answers::export_list(Visit& visit, const Action& action,
                                             const Content& content) const {
  if (!content.listing) {
    for (const auto& [name, columns] : action.fills.lists)
      if (const auto list = content.lists.find(name); list != content.lists.end())
        return to_export(action.name, list->second, columns);
    return std::nullopt;
  }
  Listing::Part first = content.listing->read_on(store_.reader(), {}, rows_of_part);
  // A new Gate before each part: a permission that is taken in the middle counts at once.
  auto read_on = [this, session = visit.session, token = visit.token, guard = action.guard,
                  listing = *content.listing](
                     const std::vector<Listing::Owned>& after) -> std::optional<Listing::Part> {
    const Gate gate = admission_.gate_of(store_.reader(), session, token);
    if (gate.refusal(guard)) return std::nullopt;
    return listing.read_on(store_.reader(), after, rows_of_part);
  };
  const Words& words = visit.problems.words_for(visit.request);
  return to_export(action.name, *content.listing, std::move(first),
                   {std::move(read_on), words.say("export.ended_early")}, content.more_columns);
}

Response Answers::give(const Turn& turn) const {
  Visit& visit = *turn.visit;
  if (const auto* refusal = std::get_if<Refusal>(&*turn.outcome)) {
    if (*refusal == Refusal::NotSignedIn && must_keep_text(turn)) return ask_again(turn);
    return visit.refuse(turn.action, *refusal);
  }
  if (const auto* problem = std::get_if<Problem>(&*turn.outcome)) return visit.fail(*problem);
  const auto& result = std::get<Result>(*turn.outcome);
  if (const auto* errors = std::get_if<FieldErrors>(&result))
    return send_back(turn, invalid(*errors), *errors);
  if (std::holds_alternative<NotFound>(result)) return visit.fail(not_found);
  if (const auto* later = std::get_if<TryLater>(&result)) {
    const Problem problem = too_often(*later);
    return send_back(turn, problem, {{{"", problem.detail}}});
  }
  if (const auto* data = std::get_if<Data>(&result)) return show_data(visit, turn.action, *data);
  if (const auto* redirect = std::get_if<Redirect>(&result)) {
    if (!redirect->note.empty())
      visit.set_cookies.push_back(carry_note(redirect->note, visit.request.https, keys_));
    return to_response(*redirect, visit.media, visit.problems.words_for(visit.request));
  }
  if (const auto* leave = std::get_if<Leave>(&result)) return to_response(*leave, visit.media);
  return to_response(Redirect{*destination(result)}, visit.media);
}

Response Answers::show_data(Visit& visit, const Action& action, const Data& data) const {
  const ProblemAnswers& problems = visit.problems;
  if (visit.media == Media::Html && !action.form.page.empty()) try {
      const Gate gate = admission_.gate(store_.reader(), visit);
      if (is_for(gate, visit.place)) {
        Around around = load_around(gate, visit, action, {});
        auto& values = around.content.values;
        const Words& words = problems.languages().of(problems.language_of(visit.place.page));
        for (const auto& [name, value] : said(data, words).values) values[name] = value;
        return pages_.give(visit, gate, action, 200, filled(around, {.action = action.name}));
      }
    } catch (const std::exception& error) {
      // It is done and on disk: a page that fails must not say otherwise.
      visit.record.reason = error.what();
    }
  const Words& words = problems.words_for(visit.request);
  return to_response(said(data, words), visit.media, words);
}

// Sign-in in another tab: here the text stays.
Response Answers::ask_again(const Turn& turn) const {
  const Problem problem{.status = 401, .detail = "answer.signed_out", .reason = "not signed in"};
  const Link sign_in{"answer.sign_in_link", sign_in_page};
  return send_back(turn, problem, {{{"", problem.detail}}}, &sign_in);
}

Response Answers::send_back(const Turn& turn, const Problem& problem, const FieldErrors& errors,
                            const Link* link) const {
  Visit& visit = *turn.visit;
  const Action& action = turn.action;
  visit.request.enter(Phase::Answer);
  const bool has_form = !action.form.page.empty() || !action.form.fields.empty();
  if (visit.media != Media::Html || !has_form) return visit.fail(problem);
  visit.record.reason = problem.reason;
  const Gate gate = admission_.gate(store_.reader(), visit);
  // A post may come from anybody and name any page of the form: nginx may have a gate before it.
  const bool shows_page = !gate.refusal(action.guard) && is_for(gate, visit.place);
  Around around;
  if (shows_page) try {
      around = load_around(gate, visit, action, turn.values);
    } catch (const std::exception& error) {
      // The errors are told all the same, and what was typed is not lost.
      visit.record.reason = error.what();
    }
  const Filling filling{
      .action = action.name, .values = &turn.values, .errors = &errors, .link = link};
  Response response =
      shows_page ? pages_.give(visit, gate, action, problem.status, filled(around, filling))
                 : pages_.give_form(visit, gate, action, problem.status, filling);
  if (problem.retry_after)
    response.set_header("Retry-After", std::to_string(problem.retry_after->count()));
  return response;
}

Opened Answers::load(const Gate& gate, const Action& action, const FieldValues& query,
                     For use) const {
  if (!action.show) return Loaded{};
  Opened shown;
  store_.snapshot([&](Reader& db) {
    auto entered = action.show(gate, query, db);
    // A visitor whom the gate refuses sees the page as its author wrote it.
    if (std::holds_alternative<Refusal>(entered)) return;
    shown = std::get<Opened>(std::move(entered));
    auto* loaded = std::get_if<Loaded>(&shown);
    if (loaded != nullptr && loaded->content.listing && use == For::Page)
      open_page(loaded->content, "/actions/" + action.name, query, db);
  });
  return shown;
}

Filling Answers::filled(const Around& around, Filling filling) {
  filling.own_action = around.own_action;
  filling.own_values = around.own_values ? &*around.own_values : nullptr;
  filling.data = &around.content.values;
  filling.lists = &around.content.lists;
  return filling;
}

Answers::Around Answers::load_around(const Gate& gate, const Visit& visit, const Action& action,
                                     const FieldValues& sent) const {
  const FormPlace& place = visit.place;
  const Action& filled_by = place.filled_by ? *place.filled_by : action;
  const FieldValues& query = place.filled_by ? place.query : sent;
  Opened shown = load(gate, filled_by, query, For::Page);
  auto* loaded = std::get_if<Loaded>(&shown);
  if (loaded == nullptr) return {};
  if (!place.filled_by) return {.content = std::move(loaded->content)};
  link_to_export(filled_by, query, loaded->content);
  if (filled_by.is_view()) loaded->values = query;
  return {std::move(loaded->content), filled_by.name, std::move(loaded->values)};
}

Response Answers::show_static(Visit& visit, std::string_view name, Reader& db) const {
  // Anybody can write a cookie; a page is looked for only where this site wrote it.
  if (!carried_note(visit.request, keys_)) return visit.fail(not_found);
  auto page = pages_.give_static(visit, admission_.gate(db, visit), name);
  return page ? *std::move(page) : visit.fail(not_found);
}

}  // namespace actiond
