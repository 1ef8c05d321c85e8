// The store: SQL that blocks, so every method runs on the caller's blocking thread or through AsyncStore on
// its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "store/api/records.h"
#include "store/api/routing.h"

namespace tandem::store {

enum class StoreError : std::uint8_t {
  unavailable,
  conflict,
  not_found,
  in_use,
  invalid,
  corrupt,
  newer_schema
};
[[nodiscard]] std::string_view to_string(StoreError e);
struct StoreFailure {
  StoreError error = StoreError::unavailable;
  std::string field;  ///< With `invalid` and `conflict`.
  std::string detail;
};
template <class T>
using StoreResult = Result<T, StoreFailure>;

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

  virtual StoreResult<std::vector<Account>> accounts() = 0;
  /// Of one account, or of all when the id is empty.
  virtual StoreResult<std::vector<Application>> applications(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Number>> numbers(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Domain>> domains(const model::AccountId& account) = 0;
  virtual StoreResult<std::vector<Trunk>> trunks(const model::AccountId& account) = 0;

  /// `in_use` when something still refers to it.
  virtual StoreResult<Unit> remove(const model::AccountId& id) = 0;
  virtual StoreResult<Unit> remove(const model::ApplicationId& id) = 0;
  virtual StoreResult<Unit> remove(const model::NumberId& id) = 0;
  virtual StoreResult<Unit> remove(const model::DomainId& id) = 0;
  virtual StoreResult<Unit> remove(const model::TrunkId& id) = 0;

  /// All in one transaction; a CDR that is there already is left as it is (writing is idempotent by id).
  virtual StoreResult<Unit> write_cdrs(const std::vector<Cdr>& cdrs) = 0;
  struct CdrQuery {
    model::AccountId account_id;  ///< Empty: all.
    std::size_t limit = 50;       ///< Newest first.
  };
  virtual StoreResult<std::vector<Cdr>> cdrs(const CdrQuery& query) = 0;

  virtual StoreResult<RoutingTable::Rules> rules() = 0;
  /// A number that changes whenever another connection has committed a change of the rules.
  virtual StoreResult<std::int64_t> rules_version() = 0;
};

/// What the control thread uses: asynchronous, never blocks. Callbacks come on the executor given at
/// construction.
class CallStore {
 public:
  CallStore() = default;
  CallStore(const CallStore&) = delete;
  CallStore& operator=(const CallStore&) = delete;
  virtual ~CallStore() = default;

  /// Routes by the current snapshot; when it finds nothing, looks once more at fresh rules (a number
  /// provisioned a moment ago works at once). Shared: the snapshot is replaced while calls hold routes of the
  /// old one.
  virtual void find_route(RouteQuery query, Function<void(std::optional<Route>)> done) = 0;
  /// Queues the CDR for writing in batches; on a store failure it is kept in a spool file and written later,
  /// in order, once. `done` (may be empty) when it is durable.
  virtual void write_cdr(Cdr cdr, Function<void()> done) = 0;
};

}  // namespace tandem::store
