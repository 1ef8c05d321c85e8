"""C++ value types: src/model/generated/."""
from schema import camel

HEADER = "// Generated from protocol/ by tools/gen. Do not edit.\n"


def cpp_type(type_):
    kind = type_.kind
    if kind == "integer":
        return type_.schema.get("x-cpp-type", "std::int64_t")
    if kind == "array":
        return f"std::vector<{cpp_type(type_.item)}>"
    return {"number": "double", "boolean": "bool", "text": "std::string", "time": "WallTime", "error": "Error",
            "op_result": "OpResult"}.get(kind) or type_.name


def enumerator(value):
    return value.lower().replace("-", "_")


def literal(field):
    value, kind = field.default, field.type.kind
    if value is None:
        return {"integer": " = 0", "number": " = 0", "boolean": " = false", "enum": "{}"}.get(kind, "")
    if kind == "enum":
        return f" = {field.type.name}::{enumerator(value)}"
    if kind == "boolean":
        return f" = {str(value).lower()}"
    if kind == "text":
        return f' = "{value}"' if value else ""
    return f" = {value}"


def member(field):
    comment = field.schema.get("description") or field.type.schema.get("description") or ""
    comment = f"  ///< {comment}" if comment else ""
    if field.plain:
        return f"  {cpp_type(field.type)} {field.name}{literal(field)};{comment}"
    return f"  std::optional<{cpp_type(field.type)}> {field.name};{comment}"


def struct_text(struct):
    lines = [f"/// {struct.doc}" if struct.doc else f"/// {struct.name}.", f"struct {struct.name} {{"]
    embedded = False
    for field in struct.fields:
        if struct.embedded(field):
            if not embedded:
                embed = struct.embed
                name = embed["cpp"]["type"] if "cpp" in embed else camel(embed["def"])
                lines.append(f"  {name} {embed['member']};")
                embedded = True
            continue
        lines.append(member(field))
    lines += ["  " + extra for extra in struct.schema.get("x-cpp-extra", [])]
    lines.append(f"  friend bool operator==(const {struct.name}&, const {struct.name}&) = default;")
    lines.append("};")
    return "\n".join(lines)


def enum_text(enum):
    out = []
    if not enum.external:
        docs = enum.schema.get("x-enum-descriptions", {})
        out.append(f"/// {enum.schema.get('description', enum.name)}")
        out.append(f"enum class {enum.name} : std::uint8_t {{")
        for value in enum.values:
            comment = f"  ///< {docs[value]}" if value in docs else ""
            out.append(f"  {enumerator(value)},{comment}")
        out.append("};")
        out.append(f"[[nodiscard]] std::string_view to_string({enum.name} v);")
    return "\n".join(out)


def ordered_structs(protocol):
    return [s for s in protocol.structs.values() if not s.external]


def protocol_header(protocol):
    results = [m.result.name for m in protocol.methods if m.result]
    params = [m.params.name for m in protocol.methods]
    events = [s.name for _, s in protocol.events]
    result_names = set(results)
    structs = ordered_structs(protocol)
    uses_result = lambda s: any(f.type.kind == "op_result" for f in s.fields)
    early = [s for s in structs if s.name in result_names]
    rest = [s for s in structs if s.name not in result_names]
    depends = closure(early, protocol)
    head = [s for s in rest if s.name in depends]
    tail = [s for s in rest if s.name not in depends]
    assert not any(uses_result(s) for s in head)
    parts = [HEADER + """#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "model/error.h"
#include "model/ids.h"
#include "model/media_description.h"
#include "model/quality.h"
#include "model/raw_json.h"
#include "model/verdict.h"

namespace tandem::model {

using SipHeaders = std::vector<std::pair<std::string, std::string>>;
using HeaderList = std::vector<std::pair<std::string, std::string>>;
"""]
    parts += [text for text in (enum_text(e) for e in protocol.enums.values()) if text]
    parts += [struct_text(s) for s in head + early]
    parts.append("/// The result of an operation, by its method; monostate for those that have none.\n"
                 f"using OpResult = std::variant<std::monostate, {', '.join(results)}>;")
    parts += [struct_text(s) for s in tail]
    parts.append(f"/// Parameters of a request.\nusing RequestParams = std::variant<{', '.join(params)}>;")
    worker = ", ".join(m.params.name for m in protocol.worker_received)
    parts.append(f"/// What a worker's socket carries beside requests.\nusing WorkerParams = std::variant<{worker}>;")
    parts.append(f"/// What an event says.\nusing EventData = std::variant<{', '.join(events)}>;")
    parts.append("""/// Method name of a request's parameters.
[[nodiscard]] std::string_view method_name(const RequestParams& params);
/// Type name of an event.
[[nodiscard]] std::string_view event_type(const EventData& data);

struct MethodTraits {
  std::string_view name;
  bool implemented;  ///< False: known by name only; answered with not_implemented.
  bool operation;    ///< Has a lifecycle and ends with op.completed.
  Lane lane;
};
/// Every method of the protocol, those of this build first, each group by name.
[[nodiscard]] const std::vector<MethodTraits>& methods();
/// Names of the methods that this build carries out.
[[nodiscard]] std::vector<std::string> capabilities();

}  // namespace tandem::model
""")
    return "\n\n".join(parts)


def closure(structs, protocol):
    seen = set()

    def visit(struct):
        for field in struct.fields:
            type_ = field.type
            while type_.kind == "array":
                type_ = type_.item
            if type_.kind == "object" and type_.item.name not in seen:
                seen.add(type_.item.name)
                visit(type_.item)
    for struct in structs:
        visit(struct)
    return seen


def protocol_source(protocol):
    out = [HEADER + '#include "model/generated/protocol.h"\n\nnamespace tandem::model {\n']
    for enum in protocol.enums.values():
        if enum.external:
            continue
        cases = "\n".join(f'    case {enum.name}::{enumerator(v)}: return "{v}";' for v in enum.values)
        out.append(f"std::string_view to_string({enum.name} v) {{\n  switch (v) {{\n{cases}\n  }}\n  return {{}};\n}}\n")
    names = ", ".join(f'"{m.name}"' for m in protocol.methods)
    types = ", ".join(f'"{name}"' for name, _ in protocol.events)
    out.append(f"""std::string_view method_name(const RequestParams& params) {{
  static constexpr std::string_view kNames[] = {{{names}}};
  return kNames[params.index()];
}}

std::string_view event_type(const EventData& data) {{
  static constexpr std::string_view kTypes[] = {{{types}}};
  return kTypes[data.index()];
}}
""")
    rows = [f'      {{"{m.name}", true, {str(m.operation).lower()}, Lane::{m.lane}}},' for m in protocol.methods]
    rows += [f'      {{"{name}", false, true, Lane::none}},' for name in protocol.planned]
    out.append("const std::vector<MethodTraits>& methods() {\n  static const std::vector<MethodTraits> kMethods{\n"
               + "\n".join(rows) + "\n  };\n  return kMethods;\n}\n")
    out.append("""std::vector<std::string> capabilities() {
  std::vector<std::string> out;
  for (const MethodTraits& m : methods()) {
    if (m.implemented) out.emplace_back(m.name);
  }
  return out;
}

}  // namespace tandem::model
""")
    return "\n".join(out)


def error_code_header(protocol):
    codes = "\n".join(f"  {e['code']},  ///< {e['help']}" for e in protocol.errors)
    return HEADER + f"""#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::model {{

/// The closed list of error codes.
enum class ErrorCode : std::uint8_t {{
{codes}
}};
/// What a client should do: never again, after a fix, later, or after refreshing its view.
enum class Retry : std::uint8_t {{ never, fix, later, refresh }};

struct ErrorTraits {{
  std::string_view code;
  std::string_view group;
  int jsonrpc;  ///< JSON-RPC error code.
  Retry retry;
  std::string_view help;
}};
[[nodiscard]] const ErrorTraits& traits(ErrorCode code);
[[nodiscard]] std::string_view to_string(ErrorCode code);
[[nodiscard]] std::string_view to_string(Retry retry);

}}  // namespace tandem::model
"""


def error_code_source(protocol):
    rows = "\n".join(f'      {{"{e["code"]}", "{e["group"]}", {e["jsonrpc"]}, Retry::{e["retry"]}, "{e["help"]}"}},'
                     for e in protocol.errors)
    return HEADER + f"""#include "model/generated/error_code.h"

namespace tandem::model {{

const ErrorTraits& traits(ErrorCode code) {{
  static constexpr ErrorTraits kTraits[] = {{
{rows}
  }};
  return kTraits[static_cast<std::size_t>(code)];
}}

std::string_view to_string(ErrorCode code) {{ return traits(code).code; }}

std::string_view to_string(Retry retry) {{
  static constexpr std::string_view kNames[] = {{"never", "fix", "later", "refresh"}};
  return kNames[static_cast<std::size_t>(retry)];
}}

}}  // namespace tandem::model
"""


def outputs(protocol):
    return {
        "src/model/generated/protocol.h": protocol_header(protocol),
        "src/model/generated/protocol.cc": protocol_source(protocol),
        "src/model/generated/error_code.h": error_code_header(protocol),
        "src/model/generated/error_code.cc": error_code_source(protocol),
    }
