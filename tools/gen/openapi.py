"""The OpenAPI 3.1 document and the route table of the REST door: src/rest/generated/.

The document holds the schemas of protocol/ themselves: references between files become references to
components, and keywords of our own are left out."""
import json
import re

from cpp_model import HEADER
from schema import PROTOCOL

COMPONENT = "#/components/schemas/"
SCOPES = {"calls:read": "calls_read", "calls:write": "calls_write", "endpoints:read": "endpoints_read",
          "sessions:read": "sessions_read", "conferences:read": "conferences_read",
          "conferences:write": "conferences_write", "queues:read": "queues_read", "queues:write": "queues_write",
          "provisioning:read": "provisioning_read", "provisioning:write": "provisioning_write"}
PARAMETERS = {"AccountSid": "account_id", "CallSid": "call_id", "OpSid": "op_id", "IntentSid": "intent_id",
              "ConferenceSid": "conference_id", "QueueSid": "queue_id", "EntrySid": "queue_entry_id",
              "RecordingSid": "recording_id", "ApplicationSid": "application_id", "NumberSid": "number_id",
              "DomainSid": "domain_id", "TrunkSid": "trunk_id", "CredentialSid": "credential_id",
              "ApiKeySid": "api_key_id"}
# What a path names that operations are carried out on: schema of the request, parameter, methods.
OWNERS = {"call": ("operation_request", "call_id"), "conference": ("conference_operation_request", "conference_id")}


def load(name):
    return json.loads((PROTOCOL / name).read_text(encoding="utf-8"))


def plain(schema, codes):
    """The schema without our own keywords, with references to components."""
    if isinstance(schema, list):
        return [plain(item, codes) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for key, value in schema.items():
        if key == "properties":
            out[key] = {name: plain(part, codes) for name, part in value.items()}
        elif key == "$ref":
            out[key] = COMPONENT + value.rsplit("/", 1)[1]
        elif key == "enum" and value == "x-error-codes":
            out[key] = codes + schema.get("x-more", [])
        elif not key.startswith("x-"):
            out[key] = plain(value, codes)
    return out


def references(schema):
    if isinstance(schema, list):
        for item in schema:
            yield from references(item)
    elif isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[1]
        for value in schema.values():
            yield from references(value)


class Document:
    def __init__(self, protocol):
        self.codes = [e["code"] for e in protocol.errors]
        self.routes = load("rest/routes.json")
        self.known = {**protocol.common["$defs"], **protocol.cdr_schema["$defs"],
                      **load("rest/resources.json")["$defs"]}
        self.schemas = {}
        self.methods = {owner: [] for owner in OWNERS}
        for path in sorted((PROTOCOL / "app/methods").glob("*.json")):
            method = json.loads(path.read_text(encoding="utf-8"))
            if method["x-operation"] and method["x-implemented"] and method["x-resource"] in OWNERS:
                self.methods[method["x-resource"]].append(method)
            if method["x-method"] == "conference.create":
                params = dict(method["$defs"]["params"], description=method["description"])
                params["properties"] = {k: v for k, v in params["properties"].items() if k != "op_id"}
                self.known["create_conference"] = params

    def use(self, schema):
        """The plain schema; everything it refers to becomes a component."""
        schema = plain(schema, self.codes)
        for name in references(schema):
            self.component(name)
        return schema

    def component(self, name):
        if name in self.schemas or name not in self.known:
            return {"$ref": COMPONENT + name}
        self.schemas[name] = {}  # Before its parts: they may refer back.
        self.schemas[name] = self.use(self.known[name])
        return {"$ref": COMPONENT + name}

    def operations(self, owner):
        """operation_request: one of the requests by method. The results are named beside them."""
        request, own_id = OWNERS[owner]
        names, results = [], []
        for method in self.methods[owner]:
            name, params = method["x-method"], dict(method["$defs"]["params"])
            params["required"] = [r for r in params.get("required", []) if r != own_id]
            params["description"] = method["description"]
            self.schemas[name + ".params"] = self.use(params)
            must = ["method"] + (["params"] if params["required"] or "oneOf" in params or "anyOf" in params else [])
            self.schemas[name + ".request"] = {
                "type": "object", "description": method["description"], "required": must, "additionalProperties": False,
                "properties": {"method": {"type": "string", "const": name},
                               "params": {"$ref": COMPONENT + name + ".params"}}}
            names.append(name)
            result = method["$defs"].get("result")
            if result and "$ref" not in result:
                self.schemas[name + ".result"] = {
                    **self.use(result), "description": f"`result` of {name}, once it succeeded."}
                results.append(name)
        self.schemas[request] = {
            "description": f"An operation of the application protocol; `{own_id}` is that of the path.",
            "oneOf": [{"$ref": COMPONENT + n + ".request"} for n in names],
            "discriminator": {"propertyName": "method", "mapping": {n: COMPONENT + n + ".request" for n in names}}}

    def queue_operations(self):
        """queue_operation_request: the operations whose path names the queue."""
        names = []
        for path in sorted((PROTOCOL / "app/methods").glob("queue.*.json")):
            method = json.loads(path.read_text(encoding="utf-8"))
            name, params = method["x-method"], dict(method["$defs"]["params"])
            params["properties"] = {k: v for k, v in params["properties"].items() if k != "queue"}
            if any("queue" in option["required"] for option in params.get("oneOf", [])):
                del params["oneOf"]
            component = name + ".of_queue"
            self.schemas[component] = {
                "type": "object", "description": method["description"], "required": ["method", "params"],
                "additionalProperties": False,
                "properties": {"method": {"type": "string", "const": name}, "params": self.use(params)}}
            names.append((name, component))
        self.schemas["queue_operation_request"] = {
            "description": "An operation of the application protocol; `queue_id` is that of the path.",
            "oneOf": [{"$ref": COMPONENT + c} for _, c in names],
            "discriminator": {"propertyName": "method", "mapping": {n: COMPONENT + c for n, c in names}}}

    def parameters(self, route):
        out = [{"name": name, "in": "path", "required": True, "schema": self.use(self.known[PARAMETERS[name]])}
               for name in re.findall(r"{(\w+)}", route["path"])]
        for name in route.get("query", []):
            spec = self.routes["parameters"][name]
            out.append({"name": spec.get("name", name), "in": "query", "required": False, "description": spec["description"],
                        "schema": self.use(spec["schema"])})
        for name in route.get("headers", []):
            out.append({"name": name, "in": "header", "required": False, **self.routes["headers"][name]})
        return out

    def responses(self, route):
        out = {}
        for status, answer in route["answers"].items():
            response = {"description": answer["description"]}
            if answer.get("headers"):
                response["headers"] = {h: {"schema": {"type": "string"}} for h in answer["headers"]}
            if answer.get("any"):
                response["content"] = {"application/json": {"schema": {"type": "object"}}}
            elif answer.get("binary"):
                response["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            elif "schema" in answer:
                response["content"] = {"application/json": {"schema": self.component(answer["schema"])}}
            out[status] = response
        out["default"] = {"$ref": "#/components/responses/problem"}
        return out

    def paths(self):
        out = {}
        for route in self.routes["routes"]:
            entry = {"operationId": operation_of(route), "summary": route["summary"]}
            if "description" in route:
                entry["description"] = route["description"]
            entry["tags"] = [tag_of(route)]
            parameters = self.parameters(route)
            if parameters:
                entry["parameters"] = parameters
            if "body" in route:
                entry["requestBody"] = {
                    "required": not route.get("optional_body", False),
                    "content": {"application/json": {"schema": self.component(route["body"])}}}
            entry["responses"] = self.responses(route)
            entry["security"] = [{"api_key": [route["scope"]]}] if route["scope"] else []
            out.setdefault(route["path"], {})[route["method"].lower()] = entry
        return out

    def text(self):
        for owner in OWNERS:
            self.operations(owner)
        self.queue_operations()
        paths = self.paths()
        problem = {"description": "Why it was refused, or what went wrong.",
                   "headers": {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds; with 429 and 503."}},
                   "content": {"application/problem+json": {"schema": self.component("problem")}}}
        security = {"api_key": {"type": "http", "scheme": "bearer",
                                "description": "An API key: `<key id>.<secret>`. The names beside it are scopes."}}
        info = {"title": self.routes["title"], "version": self.routes["version"],
                "description": self.routes["description"]}
        # A path or schema a line, so that a change shows in a diff.
        head = {"openapi": "3.1.0", "info": info, "servers": [{"url": "/"}], "security": [{"api_key": []}]}
        lines = [json.dumps(head, ensure_ascii=True)[:-1] + ',"paths":{']
        lines.append(members(paths))
        lines.append('},"components":{"securitySchemes":' + json.dumps(security))
        lines.append(',"responses":' + json.dumps({"problem": problem}) + ',"schemas":{')
        lines.append(members(dict(sorted(self.schemas.items()))))
        lines.append("}}}\n")
        text = "\n".join(lines)
        json.loads(text)
        return text


def members(mapping):
    return ",\n".join(json.dumps(k) + ":" + json.dumps(v, separators=(",", ":")) for k, v in mapping.items())


def operation_of(route):
    return route.get("operation", route["action"])


def actions_of(routes):
    """Each once: several routes may be the same thing done to different resources."""
    out = {}
    for r in routes:
        out.setdefault(r["action"], []).append(r)
    return out


def tag_of(route):
    parts = [p for p in route["path"].split("/") if p and not p.startswith("{")]
    named = [p for p in parts if p in ("Calls", "Intents", "Operations", "Endpoints", "Sessions", "Conferences", "Queues",
                                       "Entries", "Recordings", "Accounts", "Applications", "Numbers", "Domains", "Trunks",
                                       "Credentials", "ApiKeys", "AuditLog", "Routes")]
    return named[-1] if named else "API"


def openapi_source(text):
    # A literal of its own for each line: compilers bound the length of one.
    rows = "\n".join(f'    R"json({line}\n)json"' for line in text.rstrip("\n").split("\n"))
    return HEADER + f"""#include "rest/openapi.h"

namespace tandem::rest {{

std::string_view openapi_document() {{
  static constexpr std::string_view kDocument =
{rows};
  return kDocument;
}}

}}  // namespace tandem::rest
"""


def routes_header(routes):
    actions = "\n".join(f"  {name},  ///< {of[0]['method']} {of[0]['path']}" + (" and others" if len(of) > 1 else "")
                        for name, of in actions_of(routes).items())
    return HEADER + f"""#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rest/access.h"
#include "store/api/provisioning.h"

namespace tandem::rest {{

enum class Action : std::uint8_t {{
{actions}
}};
[[nodiscard]] std::string_view to_string(Action a);

struct Route {{
  Action action{{}};
  std::string_view method{{}};
  std::string_view path{{}};  ///< With parameters in braces: "/v1/Accounts/{{AccountSid}}".
  std::optional<Scope> scope{{}};  ///< Absent: for everyone.
  std::span<const std::string_view> query{{}};  ///< Parameters it knows.
  std::optional<store::Kind> kind{{}};  ///< Of the record that it is about.
  bool operator_only = false;  ///< Not for a tenant's own keys.
}};
/// Every route of protocol/rest/routes.json, in its order.
[[nodiscard]] std::span<const Route> routes();

}}  // namespace tandem::rest
"""


def routes_source(routes, parameters):
    names = "\n".join(f'    case Action::{name}: return "{name}";' for name in actions_of(routes))
    queries, rows = [], []
    for r in routes:
        query = r.get("query", [])
        if query:
            values = ", ".join(f'"{parameters[q].get("name", q)}"' for q in query)
            queries.append(f"constexpr std::array<std::string_view, {len(query)}> kQuery_{operation_of(r)}{{{values}}};")
        scope = f"Scope::{SCOPES[r['scope']]}" if r["scope"] else "std::nullopt"
        known = f"kQuery_{operation_of(r)}" if query else "{}"
        kind = f"store::Kind::{r['resource']}" if "resource" in r else "std::nullopt"
        operator = str(r.get("operator", False)).lower()
        rows.append(f'    {{Action::{r["action"]}, "{r["method"]}", "{r["path"]}", {scope}, {known}, {kind}, {operator}}},')
    return HEADER + f"""#include "rest/generated/routes.h"

#include <array>

namespace tandem::rest {{
namespace {{

{chr(10).join(queries)}

constexpr Route kRoutes[] = {{
{chr(10).join(rows)}
}};

}}  // namespace

std::string_view to_string(Action a) {{
  switch (a) {{
{names}
  }}
  return {{}};
}}

std::span<const Route> routes() {{
  return kRoutes;
}}

}}  // namespace tandem::rest
"""


def outputs(protocol):
    document = Document(protocol)
    routes = document.routes["routes"]
    return {
        "src/rest/generated/openapi.cc": openapi_source(document.text()),
        "src/rest/generated/routes.h": routes_header(routes),
        "src/rest/generated/routes.cc": routes_source(routes, document.routes["parameters"]),
    }
