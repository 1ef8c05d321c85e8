#include "server/admin/admin.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "server/admin/gathered.h"
#include "server/settings/settings.h"
#include "store/sql/open_store.h"

namespace tandem::server {
namespace {

using store::Store;
using store::StoreFailure;
using store::StoreResult;

void add_application(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "application", "Where calls are answered");
  auto* create = noun->add_subcommand("create", "Print the new application's id");
  create->add_option("--account", a.account_text, "Id of its account")->required();
  create->add_option("--name", a.application.name, "Name, unique in the account")->required();
  create->add_option("--url", a.application.url,
                     "ws://, wss://, http:// or https://; none: its calls go to workers only");
  create->add_option("--fallback-url", a.application.fallback_url, "Tried when the first fails");
  create->callback([&a] {
    a.action = [&a](Store& s) {
      a.application.account_id = a.owner();
      return a.created(s.create(a.application));
    };
  });
  add_list_and_delete<model::ApplicationId>(*noun, a, [&a](Store& s) { return s.applications(a.owner()); });
}

void add_number(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "number", "Telephone numbers and prefixes");
  auto* create = noun->add_subcommand("create", "Print the new number's id");
  create->add_option("--did", a.number.did, "The number, or the prefix with --prefix")->required();
  create->add_flag("--prefix", a.number.prefix, "All numbers that begin with it");
  create->add_option("--ani", a.number.ani, "Only calls from this number, or from a prefix such as +1212*");
  add_owner(*create, a, true);
  create->callback([&a] { a.action = [&a](Store& s) { return a.create_owned(s, a.number); }; });
  add_list_and_delete<model::NumberId>(*noun, a, [&a](Store& s) { return s.numbers(a.owner()); });
}

void add_domain(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "domain", "SIP domains");
  auto* create = noun->add_subcommand("create", "Print the new domain's id");
  create->add_option("--name", a.domain.name, "Such as acme.example")->required();
  add_owner(*create, a, true);
  create->callback([&a] { a.action = [&a](Store& s) { return a.create_owned(s, a.domain); }; });
  add_list_and_delete<model::DomainId>(*noun, a, [&a](Store& s) { return s.domains(a.owner()); });
}

void add_cdrs(CLI::App& app, Admin& a) {
  auto* noun = app.add_subcommand("cdrs", "Call detail records, newest first");
  noun->fallthrough();
  noun->add_option("--account", a.account_text, "Only those of this account");
  noun->add_option("--limit", a.limit, "At most so many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  noun->callback([&a] {
    a.action = [&a](Store& s) {
      auto page = s.cdrs({a.owner(), a.limit});
      return a.listed(page ? StoreResult<std::vector<store::Cdr>>(std::move(page->cdrs)) : Err(page.error()));
    };
  });
}

void add_backup(CLI::App& app, Admin& a) {
  auto* backup = app.add_subcommand(
      "backup", "Copy a SQLite database while the server runs; the copy is consistent and holds secrets");
  backup->fallthrough();
  backup->add_option("file", a.backup_file, "The copy, which must not exist yet")->required();
}

int run(const Admin& admin) {
  std::string url = admin.database;
  if (url.empty()) {
    const auto settings = load_settings(admin.config, process_environment());
    if (!settings) {
      for (const auto& e : settings.error()) fmt::print(stderr, "{}\n", e.str());
      return kUsage;
    }
    url = store_url(*settings);
    std::error_code ignored;  // If it cannot be made, opening says why.
    if (settings->store.url.empty()) std::filesystem::create_directories(settings->data_dir, ignored);
  }
  if (!admin.backup_file.empty()) {
    if (auto copied = store::backup_store(url, admin.backup_file); !copied) return fail(copied.error());
    print(admin.json ? "{\"backup\":true}\n" : "copied to " + admin.backup_file + "\n");
    return kOk;
  }
  auto opened = store::open_store({url, true});
  if (!opened) return fail(opened.error());
  return admin.action(**opened);
}

}  // namespace

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int fail(const std::string& text) {
  fmt::print(stderr, "tandem admin: {}\n", text);
  return kFailed;
}

int fail(const StoreFailure& f) {
  return fail(fmt::format("{}{}{}: {}", to_string(f.error), f.field.empty() ? "" : ": ", f.field, f.detail));
}

int Admin::removed(const StoreResult<Unit>& done) const {
  if (!done) return fail(done.error());
  print(json ? "{\"deleted\":true}\n" : "deleted " + id + "\n");
  return kOk;
}

CLI::App* add_noun(CLI::App& app, const char* name, const char* help) {
  auto* noun = app.add_subcommand(name, help);
  noun->require_subcommand(1);
  noun->fallthrough();
  return noun;
}

void add_owner(CLI::App& create, Admin& a, bool application_needed) {
  auto* option =
      create.add_option("--application", a.application_text, "Id of the application that gets the calls");
  if (application_needed) option->required();
  create.add_option("--account", a.account_text, "Id of the account; the application's unless given");
}

int run_admin(int argc, char** argv) {
  CLI::App app(
      "Provisions accounts, applications, numbers, domains, trunks, credentials, keys and queues; shows call "
      "records.",
      "tandem admin");
  Admin admin;
  app.add_option("--config", admin.config, "Settings file (TOML) that says where the database is");
  app.add_option("--database", admin.database,
                 "The database itself, such as sqlite:///var/lib/tandem/tandem.db");
  app.add_flag("--json", admin.json, "One JSON object a line");
  app.require_subcommand(1);
  add_account(app, admin);
  add_application(app, admin);
  add_number(app, admin);
  add_domain(app, admin);
  add_trunk(app, admin);
  add_credential(app, admin);
  add_api_key(app, admin);
  add_queue(app, admin);
  add_cdrs(app, admin);
  add_backup(app, admin);
  for (auto* noun : app.get_subcommands([](CLI::App*) { return true; })) {
    for (auto* verb : noun->get_subcommands([](CLI::App*) { return true; })) verb->fallthrough();
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kOk : kUsage;
  }
  return run(admin);
}

}  // namespace tandem::server
