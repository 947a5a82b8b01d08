#include "page/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/dashed_name.h"
#include "base/encoding.h"
#include "http/url.h"
#include "page/edits.h"
#include "page/html_tree.h"
#include "page/markup.h"

namespace actiond {
namespace {

// Frames that hold each other several times grow with each level.
constexpr std::size_t most_frames = 1000;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct FrameComment {
  Span span;
  std::string_view name;  // as written
};

std::optional<FrameComment> find_comment(std::string_view html) {
  constexpr std::string_view start = "<!--", word = "frame:", end = "-->";
  for (std::size_t at = html.find(start); at != html.npos; at = html.find(start, at + 1)) {
    const std::size_t begin = html.find_first_not_of(" \t\r\n", at + start.size());
    if (begin == html.npos || !html.substr(begin).starts_with(word)) continue;
    const std::size_t close = html.find(end, begin);
    // One that is not closed names none: all of it is taken for the name.
    if (close == html.npos) return FrameComment{{at, html.size()}, html.substr(at)};
    const std::string_view name = html.substr(begin + word.size(), close - begin - word.size());
    return FrameComment{{at, close + end.size()}, trimmed(name)};
  }
  return std::nullopt;
}

class Assembly {
 public:
  // `lang` is that of the page.
  Assembly(const FrameReader& read, std::string_view lang) : read_(read), lang_(to_lower(lang)) {}

  void put(std::string_view html, const std::string& file) {
    std::size_t line = 1;
    while (const auto comment = find_comment(html)) {
      copy(html.substr(0, comment->span.begin), file, line);
      if (open_.empty()) line_of_page_ = line;
      put_frame(comment->name, open_.empty() ? "" : fmt::format(" in {}:{}", file, line));
      const auto at = [&](std::size_t byte) {
        return html.begin() + static_cast<std::ptrdiff_t>(byte);
      };
      line += static_cast<std::size_t>(
          std::count(at(comment->span.begin), at(comment->span.end), '\n'));
      html.remove_prefix(comment->span.end);
    }
    copy(html, file, line);
  }

  WholePage& page() { return page_; }
  // The parts of the page that frames gave.
  const std::vector<Span>& given() const { return given_; }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& mend) const {
    throw FrameFault(line_of_page_, what, mend);
  }

  // `place` says in which frame the comment stands.
  void put_frame(std::string_view name, const std::string& place) {
    if (!is_dashed_name(name))
      fail(fmt::format("\"{}\"{} is no name of a frame.", to_one_line(name.substr(0, 40)), place),
           "Write <!-- frame: NAME -->, with a name of small letters, digits and hyphens.");
    const auto [file, text] = find_frame(name);
    if (std::ranges::find(open_, file) != open_.end())
      fail(fmt::format("The frame \"{}\"{} holds itself.", name, place),
           "Remove one of the comments that lead back to it.");
    if (++frames_ > most_frames)
      fail(fmt::format("The page holds more than {} frames.", most_frames), "Take fewer.");
    if (!text)
      fail(fmt::format("The frame \"{}\"{} is missing.", name, place),
           fmt::format("Add {} to the static pages, as a file that can be read.", file));
    if (text->size() > max_frame_bytes)
      fail(fmt::format("The frame \"{}\"{} has more than 64 KiB.", name, place),
           fmt::format("Make {} shorter, or divide it.", file));
    if (!count_characters(*text))
      fail(fmt::format("The frame \"{}\"{} is not UTF-8.", name, place),
           fmt::format("Store {} as UTF-8.", file));
    open_.push_back(file);
    const std::size_t begin = page_.html.size();
    put(without_ends(*text), file);
    open_.pop_back();
    if (open_.empty()) given_.push_back({begin, page_.html.size()});
  }

  // The file of the page's language, else of the wider one, else of all.
  std::pair<std::string, std::optional<std::string>> find_frame(std::string_view name) const {
    for (std::string_view tag = lang_; is_dashed_name(tag);) {
      const std::string file = fmt::format("{}{}/{}.html", frame_folder, tag, name);
      if (auto text = read_(file)) return {file, std::move(text)};
      const std::size_t hyphen = tag.rfind('-');
      tag = tag.substr(0, hyphen == tag.npos ? 0 : hyphen);
    }
    const std::string file = fmt::format("{}{}.html", frame_folder, name);
    return {file, read_(file)};
  }

  // An editor ends a file with a line break, and some begin it with a mark: neither is its text.
  static std::string_view without_ends(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
  }

  // `line` is that of the first byte, and afterwards that of the byte behind the last.
  void copy(std::string_view text, const std::string& file, std::size_t& line) {
    while (!text.empty()) {
      if (page_.html.empty() || page_.html.ends_with('\n')) page_.lines.push_back({file, line});
      const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
      page_.html.append(text.substr(0, size));
      if (page_.html.ends_with('\n')) ++line;
      text.remove_prefix(size);
    }
  }

  const FrameReader& read_;
  const std::string lang_;
  WholePage page_;
  std::vector<Span> given_;
  std::vector<std::string> open_;  // the frames around, the innermost last
  std::size_t frames_ = 0;
  std::size_t line_of_page_ = 1;
};

bool leads_to_itself(std::string_view link, std::string_view path) {
  const auto url = resolve_url(link, path);
  // With a query or a fragment it leads to another page, or to a part of this one.
  if (!url || !url->host.empty() || !url->rest.empty()) return false;
  if (url->path == path) return true;
  constexpr std::string_view index = "/index.html", extension = ".html";
  if (path.ends_with(index)) return url->path == path.substr(0, path.size() - index.size() + 1);
  return path.ends_with(extension) &&
         url->path == fmt::format("/actions{}", path.substr(0, path.size() - extension.size()));
}

// The `lang` of <html>, as the author wrote it before any frame.
std::string lang_of(std::string_view html) try {
  const std::string text(html);
  for (const Element& element : read_markup(text).elements)
    if (element.tag.name == "html") return std::string(element.tag.value("lang"));
  return "";
} catch (const std::invalid_argument&) {
  return "";  // told when it is read with its frames
}

void mark_current_links(std::string& html, const std::vector<Span>& given, std::string_view path) {
  Edits edits(html);
  for (const Element& element : read_markup(html).elements) {
    const Tag& tag = element.tag;
    const bool is_link = element.is_html && tag.name == "a" && tag.has("href");
    if (!is_link || tag.has("aria-current")) continue;
    const auto holds = [&](const Span& span) {
      return span.begin <= tag.span.begin && tag.span.begin < span.end;
    };
    if (std::ranges::any_of(given, holds) && leads_to_itself(tag.value("href"), path))
      edits.set(tag, "aria-current", "page");
  }
  html = edits.apply();
}

}  // namespace

bool has_frames(std::string_view html) { return find_comment(html).has_value(); }

WholePage with_frames(std::string_view html, std::string_view path, const FrameReader& read) {
  Assembly assembly(read, has_frames(html) ? lang_of(html) : "");
  assembly.put(html, "");
  WholePage& page = assembly.page();
  page.has_frames = !assembly.given().empty();
  if (!page.has_frames) return std::move(page);
  try {
    mark_current_links(page.html, assembly.given(), path);
  } catch (const std::invalid_argument& error) {
    throw FrameFault(1, fmt::format("With its frames, {}.", error.what()),
                     "Make it shorter, or divide it.");
  }
  return std::move(page);
}

}  // namespace actiond
