"""C++ of what is provisioned over REST: src/model/generated/rest.*, src/wire/generated/rest_codec.*, from
protocol/rest/resources.json. Apart from the application protocol's, so that a change here rebuilds little."""
from cpp_model import HEADER, enum_text, enumerator, struct_text
from cpp_wire import decoder, encoder, enum_parser, enum_text_of, item_of
from schema import Protocol

KINDS = ["account", "application", "number", "domain", "trunk", "credential", "api_key"]
BODIES = [k + "_body" for k in KINDS] + ["rotate_api_key", "explain_route"]
ANSWERS = KINDS + ["audit_entry", "route_explanation"]


class Records(Protocol):
    def __init__(self, base):
        self.structs, self.enums = {}, {}
        self.common, self.cdr_schema = base.common, base.cdr_schema
        self.resources = self._load("rest/resources.json")["$defs"]
        self.bodies = [self._root(name) for name in BODIES]
        self.answers = [self._root(name) for name in ANSWERS]

    def _root(self, name):
        return self.structs[self._type({"$ref": "#/$defs/" + name}).name]

    def definition(self, ref):
        name = ref.rsplit("/", 1)[1]
        if name in self.resources and "common.json" not in ref:
            return "rest_" + name, self.resources[name]
        return super().definition(ref)

    def closure(self, roots):
        order = []

        def visit(struct):
            if struct in order:
                return
            for field in struct.fields:
                type_ = item_of(field.type)
                if type_.kind == "object":
                    visit(type_.item)
            order.append(struct)
        for root in roots:
            visit(root)
        return order

    def enums_of(self, structs):
        names = {item_of(f.type).name for s in structs for f in s.fields if item_of(f.type).kind == "enum"}
        return [e for e in self.enums.values() if e.name in names]


def model_header(records):
    parts = [HEADER + """#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"

namespace tandem::model {
"""]
    parts += [enum_text(e) for e in records.enums.values()]
    parts += [struct_text(s) for s in records.closure(records.bodies + records.answers)]
    return "\n\n".join(parts + ["}  // namespace tandem::model\n"])


def model_source(records):
    out = [HEADER + '#include "model/generated/rest.h"\n\nnamespace tandem::model {\n']
    for enum in records.enums.values():
        cases = "\n".join(f'    case {enum.name}::{enumerator(v)}: return "{v}";' for v in enum.values)
        out.append(f"std::string_view to_string({enum.name} v) {{\n  switch (v) {{\n{cases}\n  }}\n  return {{}};\n}}\n")
    return "\n".join(out + ["}  // namespace tandem::model\n"])


def codec_header(records):
    encoders = "\n".join(f"void encode(JsonWriter& w, const model::{s.name}& e);" for s in records.closure(records.answers))
    decoders = "\n".join(f"void decode(const boost::json::value& v, model::{s.name}& out, Complaint& c);" for s in records.bodies)
    return HEADER + f"""#pragma once

#include <boost/json/fwd.hpp>

#include "model/generated/rest.h"
#include "wire/writer.h"

namespace tandem::wire {{

class Complaint;

{encoders}
{decoders}

}}  // namespace tandem::wire
"""


def codec_source(records):
    decoded, encoded = records.closure(records.bodies), records.closure(records.answers)
    parts = [HEADER + """#include "wire/generated/rest_codec.h"

#include <boost/json/value.hpp>

#include "wire/reader.h"

namespace tandem::wire {
namespace {

namespace json = boost::json;
"""]
    parts += [enum_parser(e) for e in records.enums_of(decoded)]
    parts += [enum_text_of(e) for e in records.enums_of(encoded)]
    parts += [decoder(s) for s in decoded]
    parts.append("}  // namespace")
    parts += [f"void decode(const json::value& v, model::{s.name}& out, Complaint& c) {{\n  decode_{s.name}(v, out, c, {{}});\n}}"
              for s in records.bodies]
    parts += [encoder(s) for s in encoded]
    return "\n\n".join(parts + ["}  // namespace tandem::wire\n"])


def typescript(records):
    from typescript import interface
    parts = [HEADER.rstrip()]
    for enum in records.enums.values():
        parts.append(f"export type {enum.name} = {' | '.join(repr(v) for v in enum.values)};")
    sent = {id(s) for s in records.closure(records.bodies)}
    parts += [interface(s, id(s) not in sent) for s in records.closure(records.bodies + records.answers)]
    return "\n\n".join(parts) + "\n"


def outputs(protocol):
    records = Records(protocol)
    return {
        "sdk/node/src/generated/rest.ts": typescript(records),
        "src/model/generated/rest.h": model_header(records),
        "src/model/generated/rest.cc": model_source(records),
        "src/wire/generated/rest_codec.h": codec_header(records),
        "src/wire/generated/rest_codec.cc": codec_source(records),
    }
