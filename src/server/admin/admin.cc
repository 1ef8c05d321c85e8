#include "server/admin/admin.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "server/admin/print.h"
#include "server/settings/settings.h"
#include "store/sql/open_store.h"

namespace tandem::server {
namespace {

using store::Store;
using store::StoreFailure;
using store::StoreResult;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

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

/// What the command line gathers; the chosen subcommand leaves what is to be done in `action`.
struct Admin {
  std::string config, database;
  bool json = false;
  std::function<int(Store&)> action;

  std::string id, account_text, application_text;
  store::Account account;
  store::Application application;
  store::Number number;
  store::Domain domain;
  store::Trunk trunk;
  std::vector<std::string> addresses;
  std::size_t limit = 50;

  template <class Record>
  int created(const StoreResult<Record>& made) const {
    if (!made) return fail(made.error());
    // A person or a script wants the id; the rest on request.
    print(json ? show(*made).json + "\n" : made->id.str() + "\n");
    return kOk;
  }
  template <class Record>
  int listed(const StoreResult<std::vector<Record>>& found) const {
    if (!found) return fail(found.error());
    std::vector<Shown> rows;
    for (const auto& record : *found) rows.push_back(show(record));
    if (json) {
      for (const auto& row : rows) print(row.json + "\n");
    } else if (rows.empty()) {
      print("(none)\n");
    } else {
      print(table(columns(static_cast<const Record*>(nullptr)), rows));
    }
    return kOk;
  }
  int removed(const StoreResult<Unit>& done) const {
    if (!done) return fail(done.error());
    print(json ? "{\"deleted\":true}\n" : "deleted " + id + "\n");
    return kOk;
  }

  [[nodiscard]] model::AccountId owner() const { return model::AccountId(account_text); }

  /// Fills in the owner of a rule. Without --account it is the application's.
  template <class Record>
  std::optional<StoreFailure> own(Store& store, Record& record) const {
    record.application_id = model::ApplicationId(application_text);
    record.account_id = owner();
    if (!account_text.empty() || application_text.empty()) return std::nullopt;
    const auto all = store.applications({});
    if (!all) return all.error();
    for (const auto& a : *all) {
      if (a.id == record.application_id) record.account_id = a.account_id;
    }
    if (!record.account_id.empty()) return std::nullopt;
    return StoreFailure{store::StoreError::not_found, "application",
                        "there is no application " + application_text};
  }
  template <class Record>
  int create_owned(Store& store, Record record) const {
    if (const auto f = own(store, record)) return fail(*f);
    return created(store.create(std::move(record)));
  }
};

/// `list` and `delete`, which all nouns have alike.
template <class Id, class List>
void add_list_and_delete(CLI::App& noun, Admin& a, List list) {
  auto* listing = noun.add_subcommand("list", "Show all");
  listing->add_option("--account", a.account_text, "Only those of this account");
  listing->callback([&a, list] { a.action = [&a, list](Store& s) { return a.listed(list(s)); }; });
  auto* removal = noun.add_subcommand("delete", "Delete one, unless something refers to it");
  removal->add_option("id", a.id, "Its id")->required();
  removal->callback([&a] { a.action = [&a](Store& s) { return a.removed(s.remove(Id(a.id))); }; });
}

CLI::App* add_noun(CLI::App& app, const char* name, const char* help) {
  auto* noun = app.add_subcommand(name, help);
  noun->require_subcommand(1);
  noun->fallthrough();
  return noun;
}

void add_account(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "account", "Tenants");
  auto* create = noun->add_subcommand("create", "Print the new account's id");
  create->add_option("--name", a.account.name, "Name, unique")->required();
  create->add_option("--webhook-secret", a.account.webhook_secret,
                     "Signs requests to applications; made up unless given");
  create->add_option("--max-concurrent-calls", a.account.max_concurrent_calls, "0: no limit");
  create->add_option("--max-calls-per-second", a.account.max_calls_per_second, "0: no limit");
  create->add_option("--max-call-duration-ms", a.account.max_call_duration_ms, "Longest call");
  create->add_option("--orphan-max-duration-ms", a.account.orphan_max_duration_ms,
                     "Longest life of a call without its application");
  create->callback([&a] { a.action = [&a](Store& s) { return a.created(s.create(a.account)); }; });
  add_list_and_delete<model::AccountId>(*noun, a, [&a](Store& s) -> StoreResult<std::vector<store::Account>> {
    auto all = s.accounts();
    if (all && !a.account_text.empty()) std::erase_if(*all, [&](const auto& x) { return x.id != a.owner(); });
    return all;
  });
}

void add_application(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "application", "Where calls are answered");
  auto* create = noun->add_subcommand("create", "Print the new application's id");
  create->add_option("--account", a.account_text, "Id of its account")->required();
  create->add_option("--name", a.application.name, "Name, unique in the account")->required();
  create->add_option("--url", a.application.url, "ws://, wss://, http:// or https://")->required();
  create->add_option("--fallback-url", a.application.fallback_url, "Tried when the first fails");
  create->callback([&a] {
    a.action = [&a](Store& s) {
      a.application.account_id = a.owner();
      return a.created(s.create(a.application));
    };
  });
  add_list_and_delete<model::ApplicationId>(*noun, a, [&a](Store& s) { return s.applications(a.owner()); });
}

void add_owner(CLI::App& create, Admin& a, bool application_needed) {
  auto* option =
      create.add_option("--application", a.application_text, "Id of the application that gets the calls");
  if (application_needed) option->required();
  create.add_option("--account", a.account_text, "Id of the account; the application's unless given");
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

void add_trunk(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "trunk", "SIP trunks, known by where their calls come from");
  auto* create = noun->add_subcommand("create", "Print the new trunk's id");
  create->add_option("--name", a.trunk.name, "Name, unique in the account")->required();
  create->add_option("--address", a.addresses, "Address or block such as 192.0.2.0/24; repeatable")
      ->required();
  add_owner(*create, a, false);
  create->callback([&a] {
    a.action = [&a](Store& s) {
      if (a.account_text.empty() && a.application_text.empty())
        return fail("give --application or --account");
      for (const auto& text : a.addresses) {
        const auto block = model::IpBlock::parse(text);
        if (!block) return fail("invalid: address: \"" + text + "\" is no address or block");
        a.trunk.addresses.push_back(*block);
      }
      return a.create_owned(s, a.trunk);
    };
  });
  add_list_and_delete<model::TrunkId>(*noun, a, [&a](Store& s) { return s.trunks(a.owner()); });
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
  auto opened = store::open_store({url, true});
  if (!opened) return fail(opened.error());
  return admin.action(**opened);
}

}  // namespace

int run_admin(int argc, char** argv) {
  CLI::App app("Provisions accounts, applications, numbers, domains and trunks; shows call records.",
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
  add_cdrs(app, admin);
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
