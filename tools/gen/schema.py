"""Loads protocol/ and gives the generators a typed view: structures, enumerations, methods, events, errors."""
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROTOCOL = ROOT / "protocol"


def camel(name):
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[._-]", name))


class Type:
    """What a property holds. `kind`: id, enum, text, time, integer, number, boolean, array, object, headers, raw,
    error, op_result."""

    def __init__(self, kind, name="", schema=None, item=None):
        self.kind, self.name, self.schema, self.item = kind, name, schema or {}, item


class Field:
    def __init__(self, name, type_, required, schema):
        self.name, self.type, self.required, self.schema = name, type_, required, schema
        self.cpp_name = schema.get("x-cpp-field", name)

    @property
    def default(self):
        return self.schema.get("default", self.type.schema.get("default"))

    @property
    def plain(self):
        """True when the C++ member is no std::optional: required, defaulted, or empty when absent."""
        if self.schema.get("x-optional"):
            return False
        return self.required or self.default is not None or self.type.kind in ("headers", "array")

    @property
    def not_implemented(self):
        return bool(self.schema.get("x-not-implemented"))


class Struct:
    """A JSON object. `embed` names fields that C++ keeps in one member of another struct."""

    def __init__(self, name, schema, fields):
        self.name, self.schema, self.fields = name, schema, fields
        self.embed = schema.get("x-embed")
        self.external = schema.get("x-cpp")

    @property
    def doc(self):
        return self.schema.get("description", "")

    def embedded(self, field):
        return self.embed is not None and field.name in self.embed["fields"]


class Enum:
    def __init__(self, name, schema):
        self.name, self.schema, self.values = name, schema, schema["enum"]
        self.external = schema.get("x-cpp")


class Method:
    def __init__(self, schema, params, result):
        self.schema, self.params, self.result = schema, params, result
        self.name = schema["x-method"]
        self.operation = schema["x-operation"]
        self.lane = schema["x-lane"]


class WorkerMessage:
    """What only a worker's socket carries, beside methods and events. `sent`: by the server."""

    def __init__(self, schema, params):
        self.schema, self.params, self.name = schema, params, schema["x-worker"]
        self.sent = schema["x-direction"] == "to_client"
        self.notification = schema["x-notification"]


class Protocol:
    """`rest_records`: definitions that only the REST door writes."""
    rest_records = ("intent", "live_call", "live_session", "queue_info")

    def __init__(self):
        self.structs, self.enums, self.methods, self.events, self.worker = {}, {}, [], [], []
        self.common = self._load("app/common.json")
        self.cdr_schema = self._load("records/cdr.json")
        self.errors = self._load("app/errors.json")["errors"]
        self.planned = self._load("app/planned.json")["methods"]
        for path in sorted((PROTOCOL / "app/methods").glob("*.json")):
            self._method(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((PROTOCOL / "app/events").glob("*.json")):
            schema = json.loads(path.read_text(encoding="utf-8"))
            self.events.append((schema["x-event"], self._struct(camel(schema["x-event"]) + "Event", schema)))
        for path in sorted((PROTOCOL / "app/worker").glob("*.json")):
            self._worker_message(json.loads(path.read_text(encoding="utf-8")))
        self._type({"$ref": "#/$defs/cdr"})
        self._type({"$ref": "#/$defs/snapshot"})
        for name in self.rest_records:
            self._type({"$ref": "#/$defs/" + name})

    @staticmethod
    def _load(name):
        return json.loads((PROTOCOL / name).read_text(encoding="utf-8"))

    def _method(self, schema):
        base = camel(schema["x-method"])
        params = self._struct(base, schema["$defs"]["params"])
        params.schema.setdefault("description", schema["description"])
        result = None
        if "result" in schema["$defs"] and "$ref" not in schema["$defs"]["result"] and schema["x-operation"]:
            result = self._struct(base + "Result", schema["$defs"]["result"])
        self.methods.append(Method(schema, params, result))

    def _worker_message(self, schema):
        params = self._struct(camel(schema["x-worker"]), schema["$defs"]["params"])
        params.schema.setdefault("description", schema["description"])
        self.worker.append(WorkerMessage(schema, params))

    @property
    def worker_received(self):
        return [m for m in self.worker if not m.sent]

    def definition(self, ref):
        name = ref.rsplit("/", 1)[1]
        for defs in (self.common["$defs"], self.cdr_schema["$defs"]):
            if name in defs:
                return name, defs[name]
        raise KeyError(ref)

    def _struct(self, name, schema):
        if name in self.structs:
            return self.structs[name]
        required = schema.get("required", [])
        # Children first, so that C++ sees them declared before use.
        fields = [Field(key, self._type(value, name + camel(key)), key in required, value)
                  for key, value in schema.get("properties", {}).items()]
        embed = schema.get("x-embed")
        if embed and "def" in embed:
            self._type({"$ref": "#/$defs/" + embed["def"]})
        self.structs[name] = Struct(name, schema, fields)
        return self.structs[name]

    def _type(self, schema, hint=""):
        def_name = ""
        if "$ref" in schema:
            def_name, target = self.definition(schema["$ref"])
            schema = {**target, **{k: v for k, v in schema.items() if k == "default"}}
        name = schema.get("x-cpp-name") or {"operation": "OperationView", "snapshot": "SessionSnapshot"}.get(
            def_name, camel(def_name) if def_name else hint)
        if "x-id" in schema:
            return Type("id", schema["x-id"] + "Id", schema)
        if "enum" in schema and schema.get("type") != "integer":
            return self._enum_type(name, def_name, schema)
        if schema.get("x-raw"):
            return Type("raw", "RawJson", schema)
        if "x-special" in schema:
            return Type(schema["x-special"], "", schema)
        if "x-map" in schema:
            return Type("headers", camel(def_name), schema)
        return self._plain_type(name, schema)

    def _enum_type(self, name, def_name, schema):
        # `retry` stands inside the error object, which is hand-written.
        cpp = schema.get("x-cpp", {}).get("type")
        enum_name = cpp or name
        if enum_name not in self.enums:
            self.enums[enum_name] = Enum(enum_name, schema)
            self.enums[enum_name].def_name = def_name
        return Type("enum", enum_name, schema)

    def _plain_type(self, name, schema):
        kind = schema.get("type")
        if kind == "object":
            self._struct(name, schema)
            return Type("object", schema.get("x-cpp", {}).get("type", name), schema, self.structs[name])
        if kind == "array":
            return Type("array", "", schema, self._type(schema["items"], name + "Item"))
        if kind == "string":
            return Type("time" if schema.get("format") == "date-time" else "text", "", schema)
        return Type(kind, "", schema)
