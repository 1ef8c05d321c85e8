// Store over SQL that SQLite and PostgreSQL both speak.
#pragma once

#include <memory>

#include "store/api/store.h"
#include "store/sql/connection.h"

namespace tandem::store {

class SqlStore final : public Store {
 public:
  explicit SqlStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  StoreResult<Account> create(Account account) override;
  StoreResult<Application> create(Application application) override;
  StoreResult<Number> create(Number number) override;
  StoreResult<Domain> create(Domain domain) override;
  StoreResult<Trunk> create(Trunk trunk) override;

  StoreResult<std::vector<Account>> accounts() override;
  StoreResult<std::vector<Application>> applications(const model::AccountId& account) override;
  StoreResult<std::vector<Number>> numbers(const model::AccountId& account) override;
  StoreResult<std::vector<Domain>> domains(const model::AccountId& account) override;
  StoreResult<std::vector<Trunk>> trunks(const model::AccountId& account) override;

  StoreResult<Unit> remove(const model::AccountId& id) override;
  StoreResult<Unit> remove(const model::ApplicationId& id) override;
  StoreResult<Unit> remove(const model::NumberId& id) override;
  StoreResult<Unit> remove(const model::DomainId& id) override;
  StoreResult<Unit> remove(const model::TrunkId& id) override;

  StoreResult<Unit> write_cdrs(const std::vector<Cdr>& cdrs) override;
  StoreResult<std::vector<Cdr>> cdrs(const CdrQuery& query) override;

  StoreResult<RoutingTable::Rules> rules() override;
  StoreResult<std::int64_t> rules_version() override;

 private:
  /// Runs `insert` in a transaction that also moves the rules' version; `owner` and `application` must exist.
  template <class Insert>
  StoreResult<Unit> change(Insert insert);
  StoreResult<Unit> remove_row(const char* table, const std::string& id,
                               const std::vector<const char*>& users, const char* column);
  /// A failure when the account, or an application of it, is unknown. `application` may be null or empty.
  std::optional<StoreFailure> missing_owner(const model::AccountId& account,
                                            const model::ApplicationId* application);

  std::unique_ptr<Connection> connection_;
};

}  // namespace tandem::store
