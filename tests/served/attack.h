// Shared by the attacks: somebody to be attacked, every action and every field, and the effect that
// they are judged by.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {

// A site, and ada@example.org, who may do everything there: what is refused is refused for how it
// was asked.
struct Victim {
  RunningSite site;
  Client client{site};

  Victim();
};

struct SampleField {
  std::string name;
  std::string right;
  std::string wrong;  // makes it a 422, whatever the other fields say
};

struct SampleAction {
  std::string name;
  std::vector<SampleField> fields;

  // Programs alone send a proposal.
  bool has_page() const { return !fields.empty() && name != "proposal"; }
  // Each right one costs a hash, and after some of them the next has to wait.
  bool takes_password() const;
  Fields right() const;
  Fields wrong() const;
};

// Every action with every field but files, right for the victim; attacks_test.cpp compares it with
// the catalogue.
const std::vector<SampleAction>& every_action();

// The rows of every table, those that nobody thought of included.
using Tables = std::map<std::string, std::multiset<std::string>>;
Tables all_rows(const RunningSite& site);

// The difference to `before`, as "audit +1, users -1 +1"; a row that changed is one less and one
// more.
std::string changes(const Tables& before, const Tables& after);

}  // namespace actiond::http
