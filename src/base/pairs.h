// A container of pairs as an author writes it: {{"name", "value"}, …}.
#pragma once

#include <initializer_list>
#include <utility>

namespace actiond {

// Where it is written {"name", "value"}, which a container would take for two iterators.
template <class First>
void lacks_braces() {
  static_assert(sizeof(First) == 0,
                "a pair has braces of its own: {{name, value}}, and not {name, value}");
}

template <class Container>
class Pairs : public Container {
 public:
  Pairs() = default;
  Pairs(Container pairs) : Container(std::move(pairs)) {}
  Pairs(std::initializer_list<typename Container::value_type> pairs) : Container(pairs) {}
  template <class First, class Second>
  Pairs(const First&, const Second&) {
    lacks_braces<First>();
  }
  template <class First, class Second>
  Pairs(const First&, std::initializer_list<Second>) {
    lacks_braces<First>();
  }
};

}  // namespace actiond
