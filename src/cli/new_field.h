// A field of an action that `new-action` writes: "seats:number", "day:date?".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "forms/field.h"
#include "forms/rules.h"

namespace actiond {

// A type of fields, as the form, the table and a test have it.
struct NewFieldType {
  std::string_view name;
  std::string_view member, optional_member;
  std::string_view column;
  std::string_view sample;
  Kind kind;
  std::string_view rules;  // besides `required`
  Rules checked;           // the same
};

struct NewField {
  std::string name;
  const NewFieldType* type;
  bool may_be_empty;

  bool is_text() const { return type->member == "std::string"; }
  bool is_optional() const { return may_be_empty && !is_text() && type->kind != Kind::Checkbox; }
  // A box that has to be ticked is what nobody means by a yes.
  bool is_required() const { return !may_be_empty && type->kind != Kind::Checkbox; }
  std::string_view member() const { return is_optional() ? type->optional_member : type->member; }
  // Its Rules, as code between braces.
  std::string rules() const;
};

// name:type, or name:type? for one that may be left empty.  Throws WrongUsage.
std::vector<NewField> parse_fields(const std::vector<std::string>& texts);

// Throws WrongUsage for what C++ and SQL could not have as a name.
void require_identifier(const std::string& option, const std::string& name);

// As a name in C++ and SQL: "sign-up-event" becomes "sign_up_event".
std::string underscored(std::string name);

}  // namespace actiond
