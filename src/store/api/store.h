// The store: SQL that blocks, so every method runs on the caller's blocking thread or through AsyncStore on
// its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "store/api/failure.h"
#include "store/api/provisioning.h"
#include "store/api/records.h"
#include "store/api/routing.h"

namespace tandem::store {

/// Which CDRs, newest first; empty fields do not filter. All filters together must hold.
struct CdrQuery {
  model::AccountId account_id;  ///< Empty: all. A door always sets it.
  std::size_t limit = 50;       ///< At most so many; CallStore caps it at kMaxCdrPage.
  std::string cursor{};         ///< CdrPage::next of the page before, with the same filters.
  std::string from{};           ///< Whole text, as in the CDR.
  std::string to{};
  std::string direction{};
  std::optional<WallTime> started_from{};    ///< At or after.
  std::optional<WallTime> started_before{};  ///< Before.
  std::optional<model::EndReason> reason{};
  model::SessionId session_id{};
};
inline constexpr std::size_t kMaxCdrPage = 200;

struct CdrPage {
  std::vector<Cdr> cdrs;
  std::string next;  ///< Opaque; empty: that was all. Stays valid while CDRs are added and removed.
};

/// Blocking; one object a thread at a time. Ids and creation times left empty are filled in by create().
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  virtual StoreResult<Account> create(Account account) = 0;
  virtual StoreResult<Application> create(Application application) = 0;
  virtual StoreResult<Number> create(Number number) = 0;
  virtual StoreResult<Domain> create(Domain domain) = 0;
  virtual StoreResult<Trunk> create(Trunk trunk) = 0;
  /// The realm is filled in from the domain or trunk; when given it must be that, as the hashes hold it.
  virtual StoreResult<Credential> create(Credential credential) = 0;
  /// With the secret's hash, see make_api_key().
  virtual StoreResult<ApiKey> create(ApiKey key) = 0;
  virtual StoreResult<Queue> create(Queue queue) = 0;

  /// Replaces all fields but id and creation time.
  virtual StoreResult<Account> update(Account account) = 0;
  /// The account stays as well.
  virtual StoreResult<Queue> update(Queue queue) = 0;
  /// The key is refused from now on; revoking again keeps the first time.
  virtual StoreResult<Unit> revoke(const model::ApiKeyId& id, WallTime now) = 0;
  /// Sets last_used; no change of the rules. Unknown keys are ignored.
  virtual StoreResult<Unit> touch(const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) = 0;

  virtual StoreResult<std::vector<Account>> accounts() = 0;
  /// Of one account, or of all when the id is empty.
  virtual StoreResult<std::vector<Application>> applications(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Number>> numbers(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Domain>> domains(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Trunk>> trunks(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Credential>> credentials(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<ApiKey>> api_keys(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Queue>> queues(const model::AccountId& account) = 0;

  /// `in_use` when something still refers to it.
  virtual StoreResult<Unit> remove(const model::AccountId& id) = 0;
  virtual StoreResult<Unit> remove(const model::ApplicationId& id) = 0;
  virtual StoreResult<Unit> remove(const model::NumberId& id) = 0;
  virtual StoreResult<Unit> remove(const model::DomainId& id) = 0;
  virtual StoreResult<Unit> remove(const model::TrunkId& id) = 0;
  virtual StoreResult<Unit> remove(const model::CredentialId& id) = 0;
  virtual StoreResult<Unit> remove(const model::ApiKeyId& id) = 0;
  virtual StoreResult<Unit> remove(const model::QueueId& id) = 0;

  /// All in one transaction; a CDR that is there already is left as it is (writing is idempotent by id).
  virtual StoreResult<Unit> write_cdrs(const std::vector<Cdr>& cdrs) = 0;
  virtual StoreResult<CdrPage> cdrs(const CdrQuery& query) = 0;
  /// `not_found` too when the call is another account's. An empty account: of all.
  virtual StoreResult<Cdr> cdr(const model::AccountId& account, const model::CallId& call) = 0;

  virtual StoreResult<RoutingTable::Rules> rules() = 0;
  /// A number that changes whenever another connection has committed a change of the rules.
  virtual StoreResult<std::int64_t> rules_version() = 0;

  /// The same records as the REST door sees them; null for a store that cannot be provisioned.
  [[nodiscard]] virtual Provisioning* provisioning() { return nullptr; }
};

/// What the server uses: asynchronous, never blocks. Callbacks come on the executor given at construction
/// (the control thread); find_route() and on_rules_changed() belong to it, the rest to any thread.
class CallStore : public ProvisioningQueue {
 public:
  /// One that cannot be provisioned takes no work.
  bool provision(Work) override { return false; }

  /// The newest rules known. Shared: it is replaced while doors and calls still read the old one. Hold it for
  /// one piece of work, not for good.
  [[nodiscard]] virtual std::shared_ptr<const RoutingTable> snapshot() = 0;
  /// `changed` is called after each new snapshot from now on; one listener, the last counts.
  virtual void on_rules_changed(Function<void()> changed) = 0;
  /// Routes by the current snapshot; when it finds nothing, looks once more at fresh rules (a number
  /// provisioned a moment ago works at once).
  virtual void find_route(RouteQuery query, Function<void(std::optional<Route>)> done) = 0;
  /// Queues the CDR for writing in batches; on a store failure it is kept in a spool file and written later,
  /// in order, once. `done` (may be empty) when it is durable.
  virtual void write_cdr(Cdr cdr, Function<void()> done) = 0;
  /// One page; `unavailable` when the store fails or too many queries wait already.
  virtual void list_cdrs(CdrQuery query, Function<void(StoreResult<CdrPage>)> done) = 0;
  virtual void find_cdr(model::AccountId account, model::CallId call,
                        Function<void(StoreResult<Cdr>)> done) = 0;
  /// Runs a change of the rules on the store's thread; `done` comes when the new rules are in the snapshot.
  /// Any thread; the change must not touch anything of others.
  virtual void change(Function<StoreResult<Unit>(Store&)> work, Function<void(StoreResult<Unit>)> done) = 0;
  /// Notes that the key was used now; written at most once a minute a key.
  virtual void touch(const model::ApiKeyId& key) = 0;
};

}  // namespace tandem::store
