// `tandem admin account`.
#include "server/admin/gathered.h"

namespace tandem::server {
namespace {

using store::Account;
using store::Store;
using store::StoreResult;

/// An option that sets one field.
template <class T>
void edit(CLI::App& verb, Admin& a, const char* name, T Account::*field, const char* help) {
  verb.add_option_function<T>(
      name,
      [&a, field](const T& value) {
        a.account_edits.emplace_back([field, value](Account& account) { account.*field = value; });
      },
      help);
}

void add_limits(CLI::App& verb, Admin& a) {
  edit(verb, a, "--webhook-secret", &Account::webhook_secret,
       "Signs requests to applications; made up unless given");
  edit(verb, a, "--max-concurrent-calls", &Account::max_concurrent_calls, "0: no limit");
  edit(verb, a, "--max-calls-per-second", &Account::max_calls_per_second, "0: no limit");
  edit(verb, a, "--max-call-duration-ms", &Account::max_call_duration_ms, "Longest call");
  edit(verb, a, "--orphan-max-duration-ms", &Account::orphan_max_duration_ms,
       "Longest life of a call without its application");
  edit(verb, a, "--max-outbound-calls-per-second", &Account::max_outbound_calls_per_second,
       "Pace of calls asked for by REST; 0: no limit");
  edit(verb, a, "--intent-queue-size", &Account::intent_queue_size, "Most calls that wait for their turn");
  edit(verb, a, "--intent-expiry-ms", &Account::intent_expiry_ms, "Longest wait");
  edit(verb, a, "--queues-on-first-use", &Account::queues_on_first_use,
       "Whether a queue that is not provisioned is made when it is used (true unless given)");
  verb.add_option_function<std::vector<std::string>>(
      "--allowed-prefix",
      [&a](std::vector<std::string> list) {
        std::erase(list, "");  // An empty one alone clears the list.
        a.account_edits.emplace_back([list](Account& account) { account.allowed_prefixes = list; });
      },
      "Only numbers that begin so may be dialled; repeatable");
}

int change(const Admin& a, Store& store) {
  auto all = store.accounts();
  if (!all) return fail(all.error());
  for (auto& account : *all) {
    if (account.id.str() != a.id) continue;
    for (const auto& apply : a.account_edits) apply(account);
    return a.created(store.update(std::move(account)));
  }
  return fail("not_found: id: there is no account " + a.id);
}

}  // namespace

void add_account(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "account", "Tenants");
  auto* create = noun->add_subcommand("create", "Print the new account's id");
  edit(*create, a, "--name", &Account::name, "Name, unique");
  create->get_option("--name")->required();
  add_limits(*create, a);
  create->callback([&a] {
    a.action = [&a](Store& s) {
      Account account;
      for (const auto& apply : a.account_edits) apply(account);
      return a.created(s.create(std::move(account)));
    };
  });
  auto* set = noun->add_subcommand("set", "Change what is given, leave the rest");
  set->add_option("id", a.id, "Its id")->required();
  edit(*set, a, "--name", &Account::name, "Name, unique");
  add_limits(*set, a);
  set->add_option_function<std::string>(
      "--outbound-application",
      [&a](const std::string& id) {
        a.account_edits.emplace_back(
            [id](Account& account) { account.outbound_application_id = model::ApplicationId(id); });
      },
      "Id of the application that gets calls asked for by REST; \"\": none");
  set->callback([&a] { a.action = [&a](Store& s) { return change(a, s); }; });
  add_list_and_delete<model::AccountId>(*noun, a, [&a](Store& s) -> StoreResult<std::vector<Account>> {
    auto all = s.accounts();
    if (all && !a.account_text.empty()) std::erase_if(*all, [&](const auto& x) { return x.id != a.owner(); });
    return all;
  });
}

}  // namespace tandem::server
