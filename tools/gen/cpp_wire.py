"""C++ codecs: src/wire/generated/."""
from cpp_model import HEADER, enumerator
from schema import camel

NEED = {True: "Need::required", False: "Need::optional"}


def item_of(type_):
    while type_.kind == "array":
        type_ = type_.item
    return type_


class Shape:
    """Which structures are decoded (from applications) and which are encoded (to them)."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.decoded = self._closure([m.params for m in protocol.methods + protocol.worker_received])
        roots = [s for _, s in protocol.events] + [m.result for m in protocol.methods if m.result]
        roots += [m.params for m in protocol.worker if m.sent]
        roots += [protocol.structs[n] for n in ("SessionSnapshot", "OperationView", "Cdr")]
        roots += [protocol.structs[camel(n)] for n in protocol.rest_records]
        self.encoded = self._closure(roots)

    def _closure(self, roots):
        order, seen = [], set()

        def visit(struct):
            if struct.name in seen:
                return
            seen.add(struct.name)
            for field in struct.fields:
                type_ = item_of(field.type)
                if type_.kind == "object":
                    visit(type_.item)
            order.append(struct)
        for root in roots:
            visit(root)
        return order

    def enums(self, structs):
        names = {item_of(f.type).name for s in structs for f in s.fields if item_of(f.type).kind == "enum"}
        return [e for e in self.protocol.enums.values() if e.name in names]


def cpp_struct(struct):
    return struct.external["type"] if struct.external else struct.name


# ------------------------------------------------------------------------------------------------------- decoding


def rule(type_):
    schema, kind = type_.schema, type_.kind
    if kind == "text":
        match = f"match_{schema['x-match']}" if "x-match" in schema else "nullptr"
        return (f"{{{schema.get('minLength', 0)}, {schema.get('maxLength', 'SIZE_MAX')}, {match}, "
                f"{schema.get('x-max-bytes', 'SIZE_MAX')}}}")
    if kind == "integer":
        allowed = "{" + ", ".join(str(v) for v in schema.get("enum", [])) + "}"
        return f"{{{schema.get('minimum', 'INT64_MIN')}, {schema.get('maximum', 'INT64_MAX')}, {allowed}}}"
    if kind == "number":
        return f"{{{schema.get('minimum', -1e308)}, {schema.get('maximum', 1e308)}}}"
    if kind == "array":
        return f"{{{schema.get('minItems', 0)}, {schema.get('maxItems', 'SIZE_MAX')}}}"
    return ""


def item_reader(type_):
    arguments = "(const json::value& v, auto& item, Complaint& problem, const std::string& at)"
    if type_.kind == "object":
        return f"decode_{type_.item.name}"
    if type_.kind == "enum":
        return (f"[]{arguments} {{\n      if (!v.is_string() || !parse_{type_.name}(std::string_view(v.get_string()), item)) "
                f"problem.set(model::ErrorCode::invalid_params, at, \"must be one of \" k{type_.name}Values);\n    }}")
    if type_.kind == "id":
        return f"[]{arguments} {{ read_id(v, item, problem, at); }}"
    reader = {"text": "read_text", "integer": "read_integer", "number": "read_number"}[type_.kind]
    return f"[]{arguments} {{ (void){reader}(v, {rule(type_)}, item, problem, at); }}"


def target(struct, field):
    embed = struct.embed
    if embed and field.name in embed["fields"]:
        renamed = embed.get("rename", {}).get(field.name, field.name)
        return f"out.{embed['member']}.{renamed}"
    return f"out.{field.name}"


def read_call(struct, field):
    name, type_ = field.name, field.type
    if field.not_implemented or type_.schema.get("x-not-implemented"):
        return f'  r.not_implemented("{name}");'
    where, need = target(struct, field), NEED[field.required]
    kind = type_.kind
    if kind == "enum":
        return (f'  r.enumeration("{name}", {where}, {need}, parse_{type_.name}, k{type_.name}Values);')
    if kind == "object":
        return f'  r.object("{name}", {where}, {need}, decode_{type_.item.name});'
    if kind == "array":
        return f'  r.list("{name}", {where}, {need}, {rule(type_)}, {item_reader(type_.item)});'
    if kind == "raw":
        return f'  r.raw("{name}", {where}, {need}, {type_.schema.get("x-max-bytes", 65536)});'
    if kind in ("id", "boolean", "headers"):
        return f'  r.{kind}("{name}", {where}, {need});'
    return f'  r.{kind}("{name}", {where}, {need}, {rule(type_)});'


def presence(schema):
    names = lambda options: ", ".join(f'"{o["required"][0]}"' for o in options)
    out = []
    if "oneOf" in schema:
        out.append(f"  r.exactly_one_of({{{names(schema['oneOf'])}}});")
    if "anyOf" in schema:
        out.append(f"  r.any_of({{{names(schema['anyOf'])}}});")
    for name, needed in schema.get("dependentRequired", {}).items():
        out.append(f'  r.together("{name}", "{needed[0]}");')
    return out


def decoder(struct):
    lines = [f"void decode_{struct.name}([[maybe_unused]] const json::value& value, [[maybe_unused]] model::{cpp_struct(struct)}& out, "
             "Complaint& c, const std::string& path) {",
             "  ObjectReader r(value, c, path);"]
    lines += [read_call(struct, f) for f in struct.fields]
    lines.append("  r.finish();")
    lines += presence(struct.schema)
    if struct.schema.get("x-check"):
        lines.append("  if (r.ok()) check(out, c, path);")
    return "\n".join(lines + ["}"])


def enum_parser(enum):
    values = ", ".join(enum.values)
    rows = "\n".join(f'  if (s == "{v}") return out = model::{enum.name}::{enumerator(v)}, true;' for v in enum.values)
    return (f'#define k{enum.name}Values "{values}"\n'
            f"bool parse_{enum.name}(std::string_view s, model::{enum.name}& out) {{\n{rows}\n  return false;\n}}")


def dispatcher(function, variant, methods):
    """A function from a method's name to its decoded parameters."""
    rows = "\n".join(f'  if (method == "{m.name}") return run.template operator()<model::{m.params.name}>(decode_{m.params.name});'
                     for m in methods)
    return f"""std::optional<model::{variant}> {function}(std::string_view method, const json::value& params,
                                                 Complaint& complaint) {{
  const auto run = [&]<class T>(void (*decode)(const json::value&, T&, Complaint&, const std::string&)) {{
    T out;
    decode(params, out, complaint, {{}});
    return std::optional<model::{variant}>(std::move(out));
  }};
{rows}
  return std::nullopt;
}}"""


def decode_source(shape):
    live = [s for s in shape.decoded if not s.schema.get("x-not-implemented")]
    parts = [HEADER + """#include <boost/json/value.hpp>

#include "wire/checks.h"
#include "wire/generated/codec.h"
#include "wire/matchers.h"
#include "wire/reader.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;
"""]
    parts += [enum_parser(e) for e in shape.enums(live)]
    parts += [decoder(s) for s in live]
    parts.append("}  // namespace")
    parts.append(dispatcher("decode_params", "RequestParams", shape.protocol.methods))
    parts.append(dispatcher("decode_worker_params", "WorkerParams", shape.protocol.worker_received))
    parts.append("}  // namespace tandem::wire\n")
    return "\n\n".join(parts)


# ------------------------------------------------------------------------------------------------------- encoding


def write_value(type_, expression):
    kind = type_.kind
    if kind == "id":
        return f"w.string({expression}.str());"
    if kind == "enum":
        return f"w.string(text_of({expression}));"
    if kind == "text":
        return f"w.string({expression});"
    if kind == "array":
        return f"w.begin_array();\n    for (const auto& item : {expression}) {{ {write_value(type_.item, 'item')} }}\n    w.end_array();"
    if kind == "object":
        return f"encode(w, {expression});"
    if kind == "raw":
        return f"w.raw({expression}.text);"
    if kind in ("headers", "error", "op_result"):
        return f"encode_{kind}(w, {expression});"
    return f"w.{kind}({expression});"


def write_field(struct, field):
    where = target(struct, field).replace("out.", "e.")
    type_ = field.type
    if field.plain or struct.embedded(field) and struct.embed.get("cpp"):
        write = f'w.key("{field.name}");\n    {write_value(type_, where)}'
        if field.required or type_.kind not in ("headers", "array"):
            return "  {\n    " + write + "\n  }"
        return f"  if (!{where}.empty()) {{\n    {write}\n  }}"
    write = f'w.key("{field.name}");\n    {write_value(type_, "(*" + where + ")")}'
    condition = f"{where}"
    if type_.kind == "op_result":
        condition = f"{where} && {where}->index() != 0"
    if type_.kind == "id":
        condition = f"{where} && !{where}->empty()"
    return f"  if ({condition}) {{\n    {write}\n  }}"


def encoder(struct):
    lines = [f"void encode(JsonWriter& w, [[maybe_unused]] const model::{cpp_struct(struct)}& e) {{", "  w.begin_object();"]
    lines += [write_field(struct, f) for f in struct.fields]
    return "\n".join(lines + ["  w.end_object();", "}"])


def enum_text_of(enum):
    rows = "\n".join(f'    case model::{enum.name}::{enumerator(v)}: return "{v}";' for v in enum.values)
    return (f"std::string_view text_of(model::{enum.name} v) {{\n  switch (v) {{\n{rows}\n  }}\n  return {{}};\n}}")


def encode_source(shape):
    results = {m.result.name for m in shape.protocol.methods if m.result}
    depends = [s for s in shape.encoded if s.name in results]
    rest = [s for s in shape.encoded if s.name not in results]
    from cpp_model import closure
    below = closure(depends, shape.protocol)
    first = [s for s in rest if s.name in below] + depends
    last = [s for s in rest if s.name not in below]
    parts = [HEADER + """#include "wire/generated/codec.h"

namespace tandem::wire {
namespace {

void encode_headers(JsonWriter& w, const model::SipHeaders& headers) {
  w.begin_object();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    bool seen = false;
    for (std::size_t j = 0; j < i && !seen; ++j) seen = headers[j].first == headers[i].first;
    if (seen) continue;  // Joined to the first of its name.
    std::string value = headers[i].second;
    for (std::size_t j = i + 1; j < headers.size(); ++j) {
      if (headers[j].first == headers[i].first) value += ", " + headers[j].second;
    }
    w.key(headers[i].first);
    w.string(value);
  }
  w.end_object();
}

void encode_error(JsonWriter& w, const model::Error& error) { encode(w, error); }"""]
    parts += [enum_text_of(e) for e in shape.enums(shape.encoded)]
    parts.append("}  // namespace")
    parts.append("""void encode(JsonWriter& w, const model::Error& e) {
  const model::ErrorTraits& traits = model::traits(e.code);
  w.begin_object();
  w.key("code");
  w.string(traits.code);
  w.key("message");
  w.string(e.message);
  if (!e.field.empty()) {
    w.key("field");
    w.string(e.field);
  }
  w.key("retry");
  w.string(model::to_string(traits.retry));
  if (e.retry_after_ms) {
    w.key("retry_after_ms");
    w.integer(*e.retry_after_ms);
  }
  if (e.sip_code) {
    w.key("sip_code");
    w.integer(static_cast<std::int64_t>(*e.sip_code));
  }
  w.end_object();
}""")
    parts += [encoder(s) for s in first]
    parts.append("""static void encode_op_result(JsonWriter& w, const model::OpResult& result) {
  std::visit(
      [&w]<class T>(const T& r) {
        if constexpr (std::is_same_v<T, std::monostate>) {
          w.begin_object();
          w.end_object();
        } else {
          encode(w, r);
        }
      },
      result);
}""")
    parts += [encoder(s) for s in last]
    parts.append("""void encode(JsonWriter& w, const model::EventData& data) {
  std::visit([&w](const auto& e) { encode(w, e); }, data);
}

}  // namespace tandem::wire
""")
    text = "\n\n".join(parts)
    # int members of hand-written types (Verdict) meet the writer's 64-bit integers.
    return text.replace("w.integer(e.verdict.sip_code)", "w.integer(std::int64_t{e.verdict.sip_code})").replace(
        "w.integer(e.verdict.q850_cause)", "w.integer(std::int64_t{e.verdict.q850_cause})")


def codec_header(shape):
    protos = "\n".join(f"void encode(JsonWriter& w, const model::{cpp_struct(s)}& e);" for s in shape.encoded)
    return HEADER + f"""#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

#include "model/event.h"
#include "model/request.h"
#include "wire/writer.h"

namespace tandem::wire {{

class Complaint;

/// The parameters of an implemented method; nullopt for other methods. The complaint says what is wrong with them.
[[nodiscard]] std::optional<model::RequestParams> decode_params(std::string_view method, const boost::json::value& params,
                                                               Complaint& complaint);
/// As decode_params() for what only a worker's socket carries.
[[nodiscard]] std::optional<model::WorkerParams> decode_worker_params(std::string_view method,
                                                                      const boost::json::value& params,
                                                                      Complaint& complaint);

void encode(JsonWriter& w, const model::Error& e);
{protos}
void encode(JsonWriter& w, const model::EventData& data);

}}  // namespace tandem::wire
"""


def outputs(protocol):
    shape = Shape(protocol)
    return {
        "src/wire/generated/codec.h": codec_header(shape),
        "src/wire/generated/decode.cc": decode_source(shape),
        "src/wire/generated/encode.cc": encode_source(shape),
    }
