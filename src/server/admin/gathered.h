// What the command line of `tandem admin` gathers, and what all nouns do alike.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/admin/print.h"
#include "store/api/store.h"

namespace tandem::server {

inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

void print(const std::string& text);
int fail(const std::string& text);
int fail(const store::StoreFailure& failure);

/// The chosen subcommand leaves what is to be done in `action`.
struct Admin {
  std::string config, database, backup_file;
  bool json = false;
  std::function<int(store::Store&)> action;

  std::string id, account_text, application_text, domain_text, trunk_text, password;
  bool password_from_input = false;
  /// What options of an account set; the same serve creating and changing one.
  std::vector<std::function<void(store::Account&)>> account_edits;
  store::Application application;
  store::Number number;
  store::Domain domain;
  store::Trunk trunk;
  store::Credential credential;
  store::ApiKey api_key;
  std::vector<std::function<void(store::Queue&)>> queue_edits;  ///< As those of an account.
  std::vector<std::string> addresses, gateways, scopes;
  std::string number_style, inbound_style, srtp;
  double expires_days = 0;
  std::size_t limit = 50;

  template <class Record>
  int created(const store::StoreResult<Record>& made) const {
    if (!made) return fail(made.error());
    // A person or a script wants the id; the rest on request.
    print(json ? show(*made).json + "\n" : made->id.str() + "\n");
    return kOk;
  }
  template <class Record>
  int listed(const store::StoreResult<std::vector<Record>>& found) const {
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
  [[nodiscard]] int removed(const store::StoreResult<Unit>& done) const;

  [[nodiscard]] model::AccountId owner() const { return model::AccountId(account_text); }

  /// Fills in the owner of a rule. Without --account it is the application's.
  template <class Record>
  std::optional<store::StoreFailure> own(store::Store& store, Record& record) const {
    record.application_id = model::ApplicationId(application_text);
    record.account_id = owner();
    if (!account_text.empty() || application_text.empty()) return std::nullopt;
    const auto all = store.applications({});
    if (!all) return all.error();
    for (const auto& a : *all) {
      if (a.id == record.application_id) record.account_id = a.account_id;
    }
    if (!record.account_id.empty()) return std::nullopt;
    return store::StoreFailure{store::StoreError::not_found, "application",
                               "there is no application " + application_text};
  }
  template <class Record>
  int create_owned(store::Store& store, Record record) const {
    if (const auto f = own(store, record)) return fail(*f);
    return created(store.create(std::move(record)));
  }
};

/// `list` and `delete`, which all nouns have alike.
template <class Id, class List>
void add_list_and_delete(CLI::App& noun, Admin& a, List list) {
  auto* listing = noun.add_subcommand("list", "Show all");
  listing->add_option("--account", a.account_text, "Only those of this account");
  listing->callback([&a, list] { a.action = [&a, list](store::Store& s) { return a.listed(list(s)); }; });
  auto* removal = noun.add_subcommand("delete", "Delete one, unless something refers to it");
  removal->add_option("id", a.id, "Its id")->required();
  removal->callback([&a] { a.action = [&a](store::Store& s) { return a.removed(s.remove(Id(a.id))); }; });
}

CLI::App* add_noun(CLI::App& app, const char* name, const char* help);
void add_owner(CLI::App& create, Admin& a, bool application_needed);

// The nouns with a file of their own.
void add_account(CLI::App& app, Admin& a);
void add_trunk(CLI::App& app, Admin& a);
void add_credential(CLI::App& app, Admin& a);
void add_api_key(CLI::App& app, Admin& a);
void add_queue(CLI::App& app, Admin& a);

/// A gateway as written on the command line:
/// "host[:port][;transport=tcp][;priority=1][;weight=2][;probe=no]". Otherwise what is wrong with it.
[[nodiscard]] Result<store::Gateway, std::string> read_gateway(const std::string& text);

}  // namespace tandem::server
