// The catalogue as OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "action/catalogue.h"
#include "action/submission.h"
#include "http/cookie.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

Json text_schema(const FieldDescription& field) {
  const Rules& rules = field.rules;
  Json schema{{"type", "string"}, {"maxLength", max_length(rules)}};
  if (rules.min > 0) schema["minLength"] = rules.min;
  if (rules.format == Format::Email && !field.control.is_several) schema["format"] = "email";
  if (rules.format == Format::Url) schema["format"] = "uri";
  if (rules.format == Format::Password) schema["format"] = "password";
  if (!rules.one_of.empty()) schema["enum"] = rules.one_of;
  return schema;
}

Json number_schema(const FieldDescription& field) {
  const ControlSchema& control = field.control;
  if (!control.is_number) {
    Json schema{{"type", "integer"}, {"minimum", field.rules.min}};
    if (field.rules.max) schema["maximum"] = *field.rules.max;
    if (control.steps_from_zero && control.step)
      schema["multipleOf"] = static_cast<std::int64_t>(*control.step);
    return schema;
  }
  Json schema{{"type", "number"}};
  if (control.min) schema["minimum"] = *control.min;
  if (control.max) schema["maximum"] = *control.max;
  if (control.steps_from_zero && control.step) schema["multipleOf"] = *control.step;
  return schema;
}

Json schema_of(const FieldDescription& field) {
  switch (field.kind) {
    case Kind::Number: return number_schema(field);
    case Kind::Date: return {{"type", "string"}, {"format", "date"}};
    case Kind::Checkbox: return {{"type", "boolean"}};
    case Kind::List: return {{"type", "array"}, {"items", text_schema(field)}};
    case Kind::File: return {{"type", "string"}, {"format", "binary"}};
    case Kind::Text: break;
  }
  if (field.control.is_number) return number_schema(field);
  Json schema = text_schema(field);
  const ControlSchema& control = field.control;
  if (!control.shape.empty()) schema["pattern"] = control.shape;
  if (!control.pattern.empty() && !control.is_several)
    schema["pattern"] = fmt::format("^(?:{})$", control.pattern);
  return schema;
}

enum class Files { With, Without };

Json schema_of(const FormDescription& form, Files files) {
  Json schema{{"type", "object"}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const FieldDescription& field : form.fields) {
    if (field.kind == Kind::File && files == Files::Without) continue;
    schema["properties"][field.name] = schema_of(field);
    if (field.rules.required) required.push_back(field.name);
  }
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json problem(const char* description) {
  return {
      {"description", description},
      {"content",
       {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

// The refusals of the level, which GET and POST share.
void add_refusals(const Action& action, Json& responses) {
  if (action.level() != Level::Public) responses["401"] = problem("Not signed in");
  if (action.level() == Level::Paid) responses["402"] = problem("No paid access");
}

void add_security(const Action& action, Json& operation) {
  if (action.level() != Level::Public)
    operation["security"] =
        Json::array({{{"session", Json::array()}}, {{"token", Json::array()}}});  // one of them
}

Json responses_of(const Action& action) {
  Json responses{
      {"200",
       {{"description", "Done"},
        {"content",
         {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Done"}}}}}}}}},
      {"400", problem("Malformed")}};
  add_refusals(action, responses);
  responses["403"] =
      problem(action.guard.permissions.empty() ? "From another site"
                                               : "From another site, or not permitted");
  responses["409"] = problem("The Idempotency-Key was used before, with other fields");
  responses["413"] = problem("Too large");
  responses["415"] = problem("Unknown type of body");
  if (!action.form.fields.empty()) responses["422"] = problem("A field is wrong");
  if (action.guess_limit) responses["429"] = problem("Too many tries");
  if (action.has_price()) responses["429"] = problem("Too many from one network");
  responses["500"] = problem("A fault of ours");
  responses["503"] = problem("Busy; nothing was saved");
  return responses;
}

// Files come in multipart/form-data alone, which is all there is for a form that requires one.
Json content_of(const FormDescription& form) {
  Json multipart{{"schema", schema_of(form, Files::With)}};
  bool required = false;
  for (const FieldDescription& field : form.fields) {
    if (field.kind != Kind::File) continue;
    required |= field.rules.required;
    if (!field.rules.types.empty())
      multipart["encoding"][field.name] = {
          {"contentType", fmt::format("{}", fmt::join(field.rules.types, ", "))}};
  }
  if (required) return {{"multipart/form-data", multipart}};
  const Json plain{{"schema", schema_of(form, Files::Without)}};
  return {{"application/x-www-form-urlencoded", plain},
          {"multipart/form-data", multipart},
          {"application/json", plain}};
}

Json operation_of(const Action& action) {
  Json operation{
      {"operationId", action.name},
      {"parameters", Json::array({{{"$ref", "#/components/parameters/IdempotencyKey"}}})},
      {"requestBody", {{"content", content_of(action.form)}}},
      {"responses", responses_of(action)}};
  add_security(action, operation);
  return operation;
}

Json query_of(const Action& action) {
  Json parameters = Json::array();
  for (const FieldDescription& field : action.query.fields)
    parameters.push_back({{"name", field.name},
                          {"in", "query"},
                          {"required", field.rules.required},
                          {"schema", schema_of(field)}});
  return parameters;
}

std::string shown_text(const Action& action) {
  if (!action.cached_for) return "Shown";
  return fmt::format("Shown, as it was up to {} seconds ago", action.cached_for->count());
}

// The operation of GET.
Json shown_by(const Action& action) {
  Json responses{
      {"200",
       {{"description", shown_text(action)},
        {"content",
         {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Shown"}}}}}}}}},
      {"400", problem("Malformed")}};
  add_refusals(action, responses);
  if (!action.guard.permissions.empty()) responses["403"] = problem("Not permitted");
  responses["404"] = problem("There is nothing here");
  responses["406"] = problem("No such form of an answer");
  responses["414"] = problem("The query is too long");
  if (!action.query.fields.empty()) responses["422"] = problem("A field is wrong");
  responses["500"] = problem("A fault of ours");
  responses["503"] = problem("Busy");
  Json operation{{"operationId", "show-" + action.name},
                 {"parameters", query_of(action)},
                 {"responses", responses}};
  add_security(action, operation);
  return operation;
}

Json security_schemes(bool https) {
  return {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie_name(https)}}},
          {"token",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", "For the actions that it was made for, of the site's own"}}}};
}

Json components(bool https) {
  const Json text{{"type", "string"}};
  const Json texts{{"type", "object"}, {"additionalProperties", text}};
  return {{"schemas",
           {{"Done",
             {{"type", "object"},
              {"properties", {{"ok", {{"const", true}}}, {"location", text}, {"data", texts}}},
              {"required", {"ok"}}}},
            {"Shown",
             {{"type", "object"},
              {"properties",
               {{"ok", {{"const", true}}},
                {"data",
                 {{"type", "object"},
                  {"properties",
                   {{"values", {{"type", "object"}}},
                    {"lists",
                     {{"type", "object"},
                      {"additionalProperties", {{"type", "array"}, {"items", texts}}}}}}}}}}},
              {"required", {"ok", "data"}}}},
            {"Problem",
             {{"description", "RFC 9457"},
              {"type", "object"},
              {"properties",
               {{"type", text},
                {"title", text},
                {"status", {{"type", "integer"}}},
                {"detail", text},
                {"requestId", text},
                {"errors", texts}}}}}}},
          {"parameters",
           {{"IdempotencyKey",
             {{"name", "Idempotency-Key"},
              {"in", "header"},
              {"description", "The same key with the same fields has one effect and one answer"},
              {"schema", {{"type", "string"}, {"maxLength", max_once_bytes}}}}}}},
          {"securitySchemes", security_schemes(https)}};
}

Json path_of(const Action& action) {
  Json path = Json::object();
  if (action.show) path["get"] = shown_by(action);
  if (!action.is_view()) path["post"] = operation_of(action);
  return path;
}

}  // namespace

std::string catalogue_openapi(const Catalogue& catalogue, std::string_view origin) {
  Json paths = Json::object();
  for (const Action& action : catalogue.actions())
    if (!action.signing) paths["/actions/" + action.name] = path_of(action);
  return Json{{"openapi", "3.1.0"},
              {"info", {{"title", "Actions"}, {"version", "1"}}},
              {"servers", Json::array({{{"url", origin}}})},
              {"paths", paths},
              {"components", components(origin.starts_with("https://"))}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace actiond
