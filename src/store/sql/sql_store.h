// Store over SQL that SQLite and PostgreSQL both speak.
#pragma once

#include <functional>
#include <memory>

#include "store/api/store.h"
#include "store/sql/cdr_table.h"
#include "store/sql/connection.h"

namespace tandem::store {

class SqlStore final : public Store, public Provisioning {
 public:
  explicit SqlStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

  StoreResult<Account> create(Account account) override;
  StoreResult<Application> create(Application application) override;
  StoreResult<Number> create(Number number) override;
  StoreResult<Domain> create(Domain domain) override;
  StoreResult<Trunk> create(Trunk trunk) override;
  StoreResult<Credential> create(Credential credential) override;
  StoreResult<ApiKey> create(ApiKey key) override;
  StoreResult<Queue> create(Queue queue) override;

  StoreResult<Account> update(Account account) override;
  StoreResult<Queue> update(Queue queue) override;
  StoreResult<Unit> revoke(const model::ApiKeyId& id, WallTime now) override;
  StoreResult<Unit> touch(const std::vector<std::pair<model::ApiKeyId, WallTime>>& used) override;

  StoreResult<std::vector<Account>> accounts() override;
  StoreResult<std::vector<Application>> applications(const model::AccountId& account) override;
  StoreResult<std::vector<Number>> numbers(const model::AccountId& account) override;
  StoreResult<std::vector<Domain>> domains(const model::AccountId& account) override;
  StoreResult<std::vector<Trunk>> trunks(const model::AccountId& account) override;
  StoreResult<std::vector<Credential>> credentials(const model::AccountId& account) override;
  StoreResult<std::vector<ApiKey>> api_keys(const model::AccountId& account) override;
  StoreResult<std::vector<Queue>> queues(const model::AccountId& account) override;

  StoreResult<Unit> remove(const model::AccountId& id) override;
  StoreResult<Unit> remove(const model::ApplicationId& id) override;
  StoreResult<Unit> remove(const model::NumberId& id) override;
  StoreResult<Unit> remove(const model::DomainId& id) override;
  StoreResult<Unit> remove(const model::TrunkId& id) override;
  StoreResult<Unit> remove(const model::CredentialId& id) override;
  StoreResult<Unit> remove(const model::ApiKeyId& id) override;
  StoreResult<Unit> remove(const model::QueueId& id) override;

  StoreResult<Unit> write_cdrs(const std::vector<Cdr>& cdrs) override;
  StoreResult<CdrPage> cdrs(const CdrQuery& query) override;
  StoreResult<Cdr> cdr(const model::AccountId& account, const model::CallId& call) override;

  StoreResult<RoutingTable::Rules> rules() override;
  StoreResult<std::int64_t> rules_version() override;
  Provisioning* provisioning() override { return this; }

  // sql_provisioning.cc
  StoreResult<Stored> find(const RecordRef& ref) override;
  StoreResult<RecordPage> page(const RecordQuery& query) override;
  StoreResult<Stored> insert(Record record, const Author& author) override;
  StoreResult<Stored> edit(const RecordRef& ref, std::optional<std::int64_t> revision, Edit edit,
                           const Author& author) override;
  StoreResult<Unit> erase(const RecordRef& ref, std::optional<std::int64_t> revision,
                          const Author& author) override;
  StoreResult<AuditPage> audit(const model::AccountId& account, std::size_t limit,
                               const std::string& cursor) override;

 private:
  /// Runs `insert` in a transaction that also moves the rules' version.
  StoreResult<Unit> change(const std::function<StoreResult<Unit>(soci::session&)>& insert);
  /// Into the audit log, inside the transaction.
  void note(const char* action, Kind kind, const model::AccountId& account, const std::string& id);
  /// The record and its revision; `not_found`, or `outdated`.
  StoreResult<Stored> look_up(const RecordRef& ref, std::optional<std::int64_t> revision);
  // Checks what update() of the kind needs, and writes it.
  std::optional<StoreFailure> rewrite(Account& now, const Account& before);
  std::optional<StoreFailure> rewrite(Application& now, const Application& before);
  std::optional<StoreFailure> rewrite(Number& now, const Number& before);
  std::optional<StoreFailure> rewrite(Domain& now, const Domain& before);
  std::optional<StoreFailure> rewrite(Trunk& now, const Trunk& before);
  std::optional<StoreFailure> rewrite(Credential& now, const Credential& before);
  std::optional<StoreFailure> rewrite(ApiKey& now, const ApiKey& before);
  /// For what may be done twice: reading, and writing what is there already.
  template <class Work>
  auto repeatable(Work work) -> decltype(work()) {
    return attempt(
        *connection_, [] { return true; }, std::move(work));
  }
  /// A table whose `column` may refer to the row.
  struct User {
    const char* table;
    const char* column;
  };
  /// Without a kind it is not in the audit log.
  StoreResult<Unit> remove_row(std::optional<Kind> kind, const char* table, const std::string& id,
                               const std::vector<User>& users);
  /// A failure when the account, or an application of it, is unknown. `application` may be null or empty.
  std::optional<StoreFailure> missing_owner(const model::AccountId& account,
                                            const model::ApplicationId* application);
  /// A realm belongs to one domain or one trunk, so that a credential of one tenant never opens another's.
  std::optional<StoreFailure> realm_taken(const std::string& realm, const char* field);
  /// Fills in the realm of the credential's domain or trunk, which must be of its account.
  std::optional<StoreFailure> take_realm(Credential& credential);

  std::unique_ptr<Connection> connection_;
  const Author* author_ = nullptr;  ///< Of the change under way; null: the shell.
  CdrInsert cdr_insert_;            // Destroyed before the connection.
};

}  // namespace tandem::store
