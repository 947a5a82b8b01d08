#include "http/browser.h"

#include <algorithm>
#include <array>

namespace actiond {
namespace {

constexpr std::size_t most_characters = 40;

struct Known {
  std::string_view sign;
  std::string_view name;
};

// Most claim to be others as well, so the order matters: Edge also says Chrome, and Chrome Safari.
constexpr std::array browsers{Known{"Edg", "Edge"},         Known{"OPR/", "Opera"},
                              Known{"Firefox/", "Firefox"}, Known{"FxiOS/", "Firefox"},
                              Known{"CriOS/", "Chrome"},    Known{"Chrome/", "Chrome"},
                              Known{"Safari/", "Safari"}};
constexpr std::array systems{Known{"iPhone", "iPhone"},   Known{"iPad", "iPad"},
                             Known{"Android", "Android"}, Known{"Windows", "Windows"},
                             Known{"CrOS", "ChromeOS"},   Known{"Mac OS X", "macOS"},
                             Known{"Linux", "Linux"}};

template <class List>
std::string_view name_in(std::string_view text, const List& list) {
  const auto found = std::find_if(list.begin(), list.end(), [text](const Known& known) {
    return text.find(known.sign) != text.npos;
  });
  return found == list.end() ? std::string_view() : found->name;
}

}  // namespace

std::string known_browser_of(std::string_view user_agent) {
  const std::string_view browser = name_in(user_agent, browsers);
  if (browser.empty()) return "";
  const std::string_view system = name_in(user_agent, systems);
  return std::string(browser).append(system.empty() ? "" : ", ").append(system);
}

std::string browser_of(std::string_view user_agent) {
  if (std::string known = known_browser_of(user_agent); !known.empty()) return known;
  std::string product;
  for (const char c : user_agent.substr(0, user_agent.find(' '))) {
    if (product.size() == most_characters) break;
    product += c > ' ' && c <= '~' ? c : '?';
  }
  return product;
}

}  // namespace actiond
