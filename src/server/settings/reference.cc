#include "server/settings/reference.h"

#include <fmt/format.h>

#include <map>

#include "server/settings/setting_value.h"

namespace tandem::server {
namespace {

/// "sip" of "sip.listen", nothing of "data_dir".
std::string_view section_of(std::string_view name) {
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
}
std::string_view key_of(std::string_view name) {
  return name.substr(name.find('.') + 1);
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// The part of a JSON Schema that a type determines. Defaults are TOML values that are JSON too.
struct SchemaOf {
  const SettingSpec& spec;
  [[nodiscard]] std::string list(std::string_view item) const {
    return fmt::format(
        R"("type": "array", "items": {{{}}}, "uniqueItems": true, "minItems": {}, "maxItems": {})", item,
        spec.min, spec.max);
  }
  std::string operator()(FieldOf<bool>) const { return R"("type": "boolean")"; }
  std::string operator()(FieldOf<std::int64_t>) const {
    return fmt::format(R"("type": "integer", "minimum": {}, "maximum": {})", spec.min, spec.max);
  }
  std::string operator()(FieldOf<double>) const {
    return fmt::format(R"("type": "number", "minimum": {}, "maximum": {})", spec.min, spec.max);
  }
  std::string operator()(FieldOf<std::string>) const {
    return fmt::format(R"("type": "string", "minLength": {}, "maxLength": {})", spec.min, spec.max);
  }
  std::string operator()(FieldOf<LogLevel>) const { return R"("enum": ["debug", "info", "warn", "error"])"; }
  std::string operator()(FieldOf<model::SocketAddress>) const {
    return R"("type": "string", "pattern": ":[0-9]{1,5}$")";
  }
  std::string operator()(FieldOf<std::optional<model::IpAddress>>) const { return R"("type": "string")"; }
  std::string operator()(FieldOf<std::vector<model::IpAddress>>) const { return list(R"("type": "string")"); }
  std::string operator()(FieldOf<std::vector<model::IpBlock>>) const { return list(R"("type": "string")"); }
  std::string operator()(FieldOf<std::vector<SipListen>>) const {
    return list(R"("type": "string", "pattern": "^(udp|tcp|tls):.*:[0-9]{1,5}$")");
  }
  std::string operator()(FieldOf<std::vector<model::Codec>>) const {
    return list(R"("enum": ["pcmu", "pcma", "g722"])");
  }
};

std::string property(const SettingSpec& spec) {
  return fmt::format(R"({}: {{{}, "default": {}, "description": {}}})", json_text(key_of(spec.name)),
                     std::visit(SchemaOf{spec}, spec.field), spec.fallback, json_text(spec.help));
}

}  // namespace

std::string settings_text() {
  std::string out;
  for (const auto& spec : setting_table()) {
    out += fmt::format("{} = {}\n    {}\n    Allowed: {}.\n", spec.name, spec.fallback, spec.help,
                       allowed(spec));
  }
  return out;
}

std::string settings_markdown() {
  std::string out =
      "# Settings\n\n"
      "Made by `tandem check --settings-markdown` from the table in `src/server/settings/setting_table.cc`; "
      "do not edit.\n\n"
      "A settings file is TOML: `tandem serve --config tandem.toml`. What it does not name keeps its "
      "default. An\n"
      "environment variable goes before the file: `TANDEM_SIP_LISTEN=udp:192.0.2.1:5060,tcp:192.0.2.1:5060` "
      "sets\n"
      "`sip.listen`. Settings take effect at the next start. `tandem check --config tandem.toml` explains "
      "what is wrong.\n";
  std::string_view section = "-";
  for (const auto& spec : setting_table()) {
    if (section_of(spec.name) != section) {
      section = section_of(spec.name);
      out += section.empty() ? std::string("\n## Top level\n") : fmt::format("\n## [{}]\n", section);
      out += "\n| setting | default | allowed | meaning |\n|---|---|---|---|\n";
    }
    out += fmt::format("| `{}` | `{}` | {} | {} |\n", key_of(spec.name), spec.fallback, allowed(spec),
                       spec.help);
  }
  return out;
}

std::string settings_schema() {
  std::string top;
  std::vector<std::pair<std::string, std::string>> sections;
  for (const auto& spec : setting_table()) {
    const std::string section(section_of(spec.name));
    if (section.empty()) {
      top += "    " + property(spec) + ",\n";
      continue;
    }
    if (sections.empty() || sections.back().first != section) sections.emplace_back(section, "");
    auto& body = sections.back().second;
    body += (body.empty() ? "        " : ",\n        ") + property(spec);
  }
  std::string out =
      "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Settings of "
      "tandem serve\",\n"
      "  \"description\": \"Made from the table in src/server/settings/setting_table.cc; do not edit.\",\n"
      "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {\n" +
      top;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    out += fmt::format(
        "    \"{}\": {{\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      "
        "\"properties\": "
        "{{\n{}\n      }}\n    }}{}\n",
        sections[i].first, sections[i].second, i + 1 < sections.size() ? "," : "");
  }
  return out + "  }\n}\n";
}

}  // namespace tandem::server
