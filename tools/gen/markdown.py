"""The protocol reference: docs/reference/protocol.md."""
import json

from typescript import ts_type


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def limits(field):
    schema, out = {**field.type.schema, **field.schema}, []
    for low, high, what in (("minimum", "maximum", ""), ("minLength", "maxLength", " characters"),
                            ("minItems", "maxItems", " items")):
        if low in schema or high in schema:
            out.append(f"{schema.get(low, '')} to {schema.get(high, '')}{what}".strip())
    if field.default is not None:
        out.append(f"default `{json.dumps(field.default)}`")
    if field.not_implemented or field.type.schema.get("x-not-implemented"):
        out.append("not implemented yet")
    return ", ".join(out)


def linked(type_):
    base = type_
    while base.kind == "array":
        base = base.item
    text = cell(ts_type(type_))
    if base.kind in ("object", "enum"):
        name = base.item.name if base.kind == "object" else base.name
        return f"[`{text}`](#{name.lower()})"
    return f"`{text}`"


def table(struct):
    if not struct.fields:
        return "None.\n"
    rows = ["| field | type | | limits |", "|---|---|---|---|"]
    for f in struct.fields:
        text = f.schema.get("description") or f.type.schema.get("description") or ""
        rows.append(f"| `{f.name}`{' *' if f.required else ''} | {linked(f.type)} | {cell(text)} | {limits(f)} |")
    return "\n".join(rows) + "\n"


def example(schema):
    return "```json\n" + json.dumps(schema, ensure_ascii=False) + "\n```\n"


def method_text(m):
    schema = m.schema
    out = [f"### {m.name}\n", schema["description"] + "\n"]
    if m.operation:
        lane = "no lane: beside all others" if m.lane == "none" else f"lane `{m.lane}`"
        reasons = ", ".join(f"`{r}`" for r in schema.get("x-reasons", []))
        out.append(f"An operation ({lane}). Succeeds with reason {reasons}.\n")
    out += ["Parameters (* required):\n", table(m.params)]
    if m.result:
        out += ["\nResult:\n", table(m.result)]
    out += ["\n", example(schema["x-example"]["params"])]
    return "\n".join(out)


def worker_text(m):
    kind = "Notification" if m.notification else "Request"
    who = "server to worker" if m.sent else "worker to server"
    beside = "; `session_id` stands beside `method`" if m.schema["x-session"] else ""
    return "\n".join([f"### {m.name}\n", m.schema["description"] + "\n", f"{kind}, {who}{beside}.\n",
                      "Parameters (* required):\n", table(m.params), "\n", example(m.schema["x-example"]["params"])])


def outputs(protocol):
    named_by_doors = {m.params.name for m in protocol.methods} | {m.result.name for m in protocol.methods if m.result}
    named_by_doors |= {s.name for _, s in protocol.events} | {m.params.name for m in protocol.worker}
    out = ["<!-- Generated from protocol/ by tools/gen. Do not edit. -->\n",
           "# Protocol reference: `tandem.v1`\n",
           "The rules that hold for all messages are in `docs/protocol.md`. Types are written as in TypeScript; `*` marks "
           "what is required.\n", "## Methods\n"]
    out += [method_text(m) for m in protocol.methods]
    out += ["## Worker sockets\n", "What a worker's socket carries beside methods and events (`docs/protocol.md`, section 8).\n"]
    out += [worker_text(m) for m in protocol.worker]
    out += ["## Events\n"]
    for name, struct in protocol.events:
        out += [f"### {name}\n", struct.doc + "\n", table(struct), "\n", example(struct.schema["x-example"])]
    out += ["## Types\n"]
    for struct in protocol.structs.values():
        if struct.name not in named_by_doors:
            out += [f"### {struct.name}\n", struct.doc + "\n", table(struct)]
    for enum in protocol.enums.values():
        values = ", ".join(f"`{v}`" for v in enum.values)
        out += [f"### {enum.name}\n", f"{enum.schema.get('description', '')} {values}.\n"]
    out += ["## Errors\n", "| code | group | retry | JSON-RPC | |", "|---|---|---|---|---|"]
    out += [f"| `{e['code']}` | {e['group']} | {e['retry']} | {e['jsonrpc']} | {cell(e['help'])} |" for e in protocol.errors]
    out += ["", "## Known by name, not implemented yet\n"]
    out += [f"- `{name}`: {text}" for name, text in protocol.planned.items()]
    return {"docs/reference/protocol.md": "\n".join(out) + "\n"}
