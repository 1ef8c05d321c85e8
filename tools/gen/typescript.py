"""TypeScript types of the protocol for the SDK: sdk/node/src/generated/protocol.ts."""
from cpp_model import HEADER

NAMES = {"WallTime": "string"}


def ts_type(type_):
    kind = type_.kind
    if kind == "array":
        inner = ts_type(type_.item)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "integer" and "enum" in type_.schema:
        return " | ".join(str(v) for v in type_.schema["enum"])
    if kind == "object":
        return type_.item.name
    if kind == "enum":
        return type_.name
    return {"id": "string", "text": "string", "time": "string", "integer": "number", "number": "number",
            "boolean": "boolean", "headers": "Record<string, string>", "raw": "unknown", "error": "ErrorData",
            "op_result": "unknown"}[kind]


def doc(text, indent="  "):
    return f"{indent}/** {text.replace('*/', '* /')} */\n" if text else ""


def interface(struct, incoming):
    """`incoming`: what the server sends, where members with a default are always there."""
    lines = []
    for field in struct.fields:
        required = field.required or (incoming and field.default is not None and not field.not_implemented)
        text = field.schema.get("description") or field.type.schema.get("description") or ""
        if field.default is not None and not incoming:
            text += f" Default: {str(field.default).lower() if isinstance(field.default, bool) else field.default}."
        lines.append(doc(text) + f"  {field.name}{'' if required else '?'}: {ts_type(field.type)};")
    body = "\n".join(lines)
    head = doc(struct.doc, "")
    return f"{head}export interface {struct.name} {{\n{body}\n}}" if lines else f"{head}export type {struct.name} = Record<string, never>;"


def enum(e):
    values = " | ".join(f"'{v}'" for v in e.values)
    return doc(e.schema.get("description", ""), "") + f"export type {e.name} = {values};"


def outputs(protocol):
    sent = {m.params.name for m in protocol.methods + protocol.worker_received}
    parts = [HEADER.rstrip()]
    parts += [enum(e) for e in protocol.enums.values()]
    parts.append("/** An error as the server reports it. */\nexport interface ErrorData {\n  code: ErrorCode | (string & {});\n"
                 "  message: string;\n  /** The parameter at fault. */\n  field?: string;\n"
                 "  retry: 'never' | 'fix' | 'later' | 'refresh';\n  retry_after_ms?: number;\n  sip_code?: number;\n}")
    parts.append("export type ErrorCode =\n" + "\n".join(f"  | '{e['code']}'" for e in protocol.errors) + ";")
    requested = request_closure(protocol)
    for struct in protocol.structs.values():
        parts.append(interface(struct, incoming=struct.name not in requested and struct.name not in sent))
    params = "\n".join(f"  '{m.name}': {m.params.name};" for m in protocol.methods)
    parts.append(f"/** Parameters of each method. */\nexport interface MethodParams {{\n{params}\n}}")
    results = "\n".join(f"  '{m.name}': {m.result.name if m.result else 'Record<never, never>'};"
                        for m in protocol.methods if m.operation)
    parts.append(f"/** Result of each operation. */\nexport interface MethodResult {{\n{results}\n}}")
    for doc_text, name, messages in (
            ("Parameters of what a worker sends beside methods.", "WorkerMethodParams", protocol.worker_received),
            ("Parameters of what a worker is sent beside events.", "WorkerNotificationParams",
             [m for m in protocol.worker if m.sent])):
        rows = "\n".join(f"  '{m.name}': {m.params.name};" for m in messages)
        parts.append(f"/** {doc_text} */\nexport interface {name} {{\n{rows}\n}}")
    events = "\n".join(f"  '{name}': {s.name};" for name, s in protocol.events)
    parts.append(f"/** `data` of each event. */\nexport interface EventDataByType {{\n{events}\n}}")
    parts.append("export type OperationOutcome = OpOutcome;\nexport type Snapshot = SessionSnapshot;\n")
    return {"sdk/node/src/generated/protocol.ts": "\n\n".join(parts)}


def request_closure(protocol):
    from cpp_model import closure
    return closure([m.params for m in protocol.methods], protocol)
