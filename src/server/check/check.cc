#include "server/check/check.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "model/generated/protocol.h"
#include "rest/openapi.h"
#include "server/check/environment.h"
#include "server/settings/reference.h"

namespace tandem::server {
namespace {

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int print_findings(const std::vector<Finding>& findings) {
  constexpr const char* kMarks[] = {"ok     ", "warning", "FAILED "};
  int failures = 0;
  for (const auto& f : findings) {
    if (f.grade == Finding::Grade::failure) ++failures;
    print(fmt::format("{}  {}: {}\n", kMarks[static_cast<int>(f.grade)], f.what, f.detail));
  }
  print(failures == 0 ? "The server can run.\n"
                      : fmt::format("{} of these would keep the server from running.\n", failures));
  return failures == 0 ? kOk : kFailed;
}

int check_config(const std::string& path, bool settings_only) {
  const auto settings = load_settings(path, process_environment());
  if (!settings) {
    for (const auto& e : settings.error()) print(e.str() + "\n");
    print(fmt::format("{} error{} in the settings.\n", settings.error().size(),
                      settings.error().size() == 1 ? "" : "s"));
    return kFailed;
  }
  print(path.empty() ? "ok       settings: the defaults\n" : "ok       settings: " + path + "\n");
  return settings_only ? kOk : print_findings(check_environment(*settings));
}

}  // namespace

int run_check(int argc, char** argv) {
  CLI::App app("Checks settings and environment.", "tandem check");
  std::string config;
  bool settings_only = false, capabilities = false, settings = false, markdown = false, schema = false,
       openapi = false;
  app.add_option("--config", config, "Settings file (TOML)");
  app.add_flag("--settings-only", settings_only, "Check the settings but not this machine");
  auto* list = app.add_option_group("lists");
  list->add_flag("--capabilities", capabilities, "Print the implemented methods, one a line");
  list->add_flag("--settings", settings, "Print every setting with its default and meaning");
  list->add_flag("--settings-markdown", markdown, "The same as docs/reference/settings.md");
  list->add_flag("--settings-schema", schema, "The same as JSON Schema");
  list->add_flag("--openapi", openapi, "Print the REST API as OpenAPI 3.1");
  list->require_option(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kOk : kUsage;
  }
  if (capabilities) {
    for (const auto& method : model::capabilities()) print(method + "\n");
    return kOk;
  }
  if (openapi) {
    print(std::string(rest::openapi_document()));
    return kOk;
  }
  if (settings || markdown || schema) {
    print(settings ? settings_text() : markdown ? settings_markdown() : settings_schema());
    return kOk;
  }
  return check_config(config, settings_only);
}

}  // namespace tandem::server
