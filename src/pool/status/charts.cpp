#include "pool/status/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "base/time.h"
#include "pool/status/table.h"

namespace actiond {
namespace {

// In pixels; three are as wide as a page of ours, one is narrower than a phone.
constexpr double width = 300, left = 38, right = 296, plot_height = 92, legend_row = 15;
constexpr double hour_seconds = 3600;
// Each with a contrast of 3:1 and more on white and on black.
constexpr std::array<std::string_view, 4> colours{"#0f8a6c", "#c2691c", "#7d63d1", "#c9415b"};

using Value = std::optional<double>;

struct Line {
  std::string name;
  std::vector<Value> values;  // of each interval
};

struct Chart {
  std::string title;
  std::string unit;
  bool is_stacked;  // bars on each other, instead of lines
  std::vector<Line> lines;

  bool has_legend() const { return !lines.front().name.empty(); }
};

std::string number(double value) {
  return value < 10 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

// There is room for four digits beside a chart.
std::string axis_number(double value) {
  return value < 10'000 ? number(value) : number(value / 1000) + "k";
}

// The next of 1, 2, 5, 10, 20, … that is not below.
double round_up(double value) {
  if (!(value > 0)) return 1;
  const double unit = std::pow(10, std::floor(std::log10(value)));
  for (const double times : {1.0, 2.0, 5.0})
    if (value <= times * unit) return times * unit;
  return 10 * unit;
}

double height_of(const Chart& chart, std::size_t at) {
  double height = 0;
  for (const Line& line : chart.lines) {
    const double value = line.values[at].value_or(0);
    height = chart.is_stacked ? height + value : std::max(height, value);
  }
  return height;
}

class Drawing {
 public:
  Drawing(const Chart& chart, const std::vector<Interval>& hour, std::size_t number)
      : chart_(chart), hour_(hour), id_(fmt::format("chart{}", number)),
        top_(30 +
             legend_row *
                 std::ceil(chart.has_legend() ? static_cast<double>(chart.lines.size()) / 2 : 0)) {
    for (std::size_t at = 0; at < hour.size(); ++at)
      highest_ = std::max(highest_, height_of(chart, at));
    scale_ = round_up(highest_);
  }

  std::string svg() {
    const double height = top_ + plot_height + 20;
    text_ = fmt::format(
        "<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-labelledby=\"{2} {2}-words\" fill=\"currentColor\" font-size=\"11\">\n"
        "<title id=\"{2}\">{3}</title>\n<desc id=\"{2}-words\">{4}</desc>\n"
        "<text x=\"0\" y=\"13\" font-size=\"13\" font-weight=\"600\">{3}</text>\n",
        width, height, id_, to_html(chart_.title), to_html(words()));
    draw_legend();
    draw_scale();
    if (chart_.is_stacked)
      draw_bars();
    else
      for (std::size_t line = 0; line < chart_.lines.size(); ++line) draw_line(line);
    return text_ + "</svg>\n";
  }

 private:
  std::string words() const {
    if (!(highest_ > 0)) return "Nothing in the last hour.";
    std::string text = fmt::format("At most {} {}", number(highest_), chart_.unit);
    for (const Line& line : chart_.lines)
      if (const Value last = line.values.back())
        text += fmt::format("{} {} now", line.name.empty() ? "," : ", " + line.name, number(*last));
    return text + ".";
  }

  void draw_legend() {
    if (!chart_.has_legend()) return;
    for (std::size_t at = 0; at < chart_.lines.size(); ++at) {
      const double x = at % 2 == 0 ? 0 : width / 2;
      const double y = 30 + legend_row * static_cast<double>(at / 2);
      text_ += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"9\" height=\"9\" rx=\"2\" fill=\"{}\"/>"
          "<text x=\"{}\" y=\"{}\">{}</text>\n",
          x, y - 8, colours[at], x + 14, y, to_html(chart_.lines[at].name));
    }
  }

  void draw_scale() {
    for (const double part : {0.0, 0.5, 1.0})
      text_ += fmt::format(
          "<path d=\"M{} {:.1f}H{}\" stroke=\"currentColor\" stroke-opacity=\".2\"/>"
          "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\" fill-opacity=\".75\">{}</text>\n",
          left, y_of(part * scale_), right, left - 5, y_of(part * scale_) + 4,
          axis_number(part * scale_));
    const double below = top_ + plot_height + 15;
    text_ += fmt::format(
        "<g fill-opacity=\".75\"><text x=\"{0}\" y=\"{1}\">1 hour ago</text>"
        "<text x=\"{2}\" y=\"{1}\" text-anchor=\"end\">now</text></g>\n",
        left, below, right);
  }

  void draw_bars() {
    std::vector<std::string> paths(chart_.lines.size());
    for (std::size_t at = 0; at < hour_.size(); ++at) {
      const double from = x_of(hour_[at].time - hour_[at].took), to = x_of(hour_[at].time);
      double below = 0;
      for (std::size_t line = 0; line < chart_.lines.size(); ++line) {
        const double value = chart_.lines[line].values[at].value_or(0);
        if (!(value > 0)) continue;
        paths[line] +=
            fmt::format("M{:.1f} {:.1f}V{:.1f}H{:.1f}V{:.1f}z", from, y_of(below),
                        y_of(below + value), std::max(to - 0.6, from + 0.6), y_of(below));
        below += value;
      }
    }
    for (std::size_t line = 0; line < paths.size(); ++line)
      if (!paths[line].empty())
        text_ += fmt::format("<path d=\"{}\" fill=\"{}\"/>\n", paths[line], colours[line]);
  }

  // A gap where there is no value; one between two gaps is a dot.
  void draw_line(std::size_t line) {
    std::string path;
    bool goes_on = false;
    for (std::size_t at = 0; at < hour_.size(); ++at) {
      const Value value = chart_.lines[line].values[at];
      if (value)
        path += fmt::format("{}{:.1f} {:.1f}{}", goes_on ? 'L' : 'M',
                            x_of(hour_[at].time - hour_[at].took / 2), y_of(*value),
                            goes_on ? "" : "h.1");
      goes_on = value.has_value();
    }
    if (!path.empty())
      text_ += fmt::format(
          "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" "
          "stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n",
          path, colours[line]);
  }

  double x_of(std::chrono::sys_seconds time) const {
    const auto ago = static_cast<double>((hour_.back().time - time).count());
    return right - (right - left) * std::clamp(ago / hour_seconds, 0.0, 1.0);
  }
  double y_of(double value) const { return top_ + plot_height * (1 - value / scale_); }

  const Chart& chart_;
  const std::vector<Interval>& hour_;
  const std::string id_;
  const double top_;
  double highest_ = 0, scale_ = 1;
  std::string text_;
};

std::vector<Value> each(const std::vector<Interval>& hour,
                        const std::function<Value(const Interval&)>& of) {
  std::vector<Value> values;
  std::ranges::transform(hour, std::back_inserter(values), of);
  return values;
}

std::vector<Line> quantile_lines(const std::vector<Interval>& hour, const DurationSum Totals::*of) {
  return {{"p50",
           each(hour, [of](const Interval& interval) { return quantile_ms(interval.*of, 0.5); })},
          {"p99",
           each(hour, [of](const Interval& interval) { return quantile_ms(interval.*of, 0.99); })}};
}

// The three most frequent reasons, and all others.
std::vector<Line> refusal_lines(const std::vector<Interval>& hour) {
  std::array<std::uint64_t, reason_names.size()> all{};
  for (const Interval& interval : hour)
    for (std::size_t at = 0; at < all.size(); ++at) all[at] += interval.refusals[at];
  std::array<std::size_t, reason_names.size()> order{};
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t at) { return all[at]; });
  std::vector<Line> lines;
  for (std::size_t place = 0; place < 3 && all[order[place]] > 0; ++place)
    lines.push_back({std::string(reason_names[order[place]]),
                     each(hour, [at = order[place]](const Interval& interval) {
                       return interval.per_second(interval.refusals[at]);
                     })});
  const auto others = [&](const Interval& interval) {
    std::uint64_t rest = interval.refused();
    for (std::size_t place = 0; place < 3; ++place) rest -= interval.refusals[order[place]];
    return interval.per_second(rest);
  };
  if (lines.empty() || all[order[3]] > 0) lines.push_back({"others", each(hour, others)});
  return lines;
}

bool is_on_server(const std::vector<Interval>& hour) {
  return std::ranges::any_of(hour, [](const Interval& interval) { return interval.flights > 0; });
}

Value per_commit(const Interval& interval, double number) {
  const std::uint64_t commits = interval.batches.count();
  return commits == 0 ? std::nullopt : Value(number / static_cast<double>(commits));
}

std::vector<Chart> charts_of(const std::vector<Interval>& hour) {
  std::vector<Chart> charts{
      {"Requests a second",
       "a second",
       true,
       {{"", each(hour, [](const Interval& s) { return s.per_second(s.durations.count()); })}}},
      {"Answered within, ms", "ms", false, quantile_lines(hour, &Totals::durations)},
      {"Refused a second", "a second", true, refusal_lines(hour)}};
  if (is_on_server(hour)) {
    charts.push_back({"Flights a commit", "flights", false, {{"", each(hour, [](const Interval& s) {
                                                                return per_commit(
                                                                    s,
                                                                    static_cast<double>(s.flights));
                                                              })}}});
    charts.push_back({"Reruns a second", "a second", true, {{"", each(hour, [](const Interval& s) {
                                                               return s.per_second(s.reruns);
                                                             })}}});
    charts.push_back(
        {"Wait for a connection, ms", "ms", false, quantile_lines(hour, &Totals::waits)});
    return charts;
  }
  charts.push_back(
      {"Actions a commit", "actions", false, {{"", each(hour, [](const Interval& s) {
                                                 return per_commit(
                                                     s, static_cast<double>(s.batches.sum));
                                               })}}});
  charts.push_back(
      {"Wait for the write lock, ms", "ms", false, quantile_lines(hour, &Totals::waits)});
  return charts;
}

Table numbers_of(const std::vector<Interval>& hour) {
  const bool on_server = is_on_server(hour);
  Table table{"The last hour in numbers",
              {"until", "requests", "p50 ms", "p99 ms", "refused", "commits", "actions a commit",
               "wait p99 ms"}};
  if (on_server) table.head.insert(table.head.end(), {"flights", "reruns"});
  const auto text = [](const Value& value) { return value ? number(*value) : "-"; };
  for (auto interval = hour.rbegin(); interval != hour.rend(); ++interval) {
    Row& row = table.rows.emplace_back(Row{
        to_rfc3339(interval->time).substr(11, 8), std::to_string(interval->durations.count()),
        text(quantile_ms(interval->durations, 0.5)), text(quantile_ms(interval->durations, 0.99)),
        std::to_string(interval->refused()), std::to_string(interval->batches.count()),
        text(per_commit(*interval, static_cast<double>(interval->batches.sum))),
        text(quantile_ms(interval->waits, 0.99))});
    if (!on_server) continue;
    row.push_back(std::to_string(interval->flights));
    row.push_back(std::to_string(interval->reruns));
  }
  return table;
}

}  // namespace

std::string to_charts(const Snapshot& snapshot) {
  if (snapshot.hour.empty()) return "";
  std::string html = "<h2>The last hour</h2>\n<div>\n";
  std::size_t number = 0;
  for (const Chart& chart : charts_of(snapshot.hour))
    html += Drawing(chart, snapshot.hour, ++number).svg();
  const Table numbers = numbers_of(snapshot.hour);
  return html + fmt::format("</div>\n<details>\n<summary>{}</summary>\n{}</details>\n",
                            to_html(numbers.title), rows_html(numbers));
}

}  // namespace actiond
