// Provisioned records whatever their kind, as the REST door works with them: one tenant's, by id, in pages,
// with a revision that tells whether somebody else was faster, and with a note of who did it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "store/api/failure.h"
#include "store/api/records.h"

namespace tandem::store {

using Record = std::variant<Account, Application, Number, Domain, Trunk, Credential, ApiKey>;
/// In the order of Record's alternatives.
enum class Kind : std::uint8_t { account, application, number, domain, trunk, credential, api_key };
[[nodiscard]] std::string_view to_string(Kind k);
[[nodiscard]] inline Kind kind_of(const Record& record) {
  return static_cast<Kind>(record.index());
}

/// Which record. Another account's is as good as none.
struct RecordRef {
  Kind kind = Kind::account;
  model::AccountId account_id;  ///< Of an account itself: its own id, or empty for any.
  std::string id;
};

struct Stored {
  Record record;
  std::int64_t revision = 1;  ///< One more with each change.
};

/// Who changes something, for the audit log.
struct Author {
  model::ApiKeyId key;  ///< Empty: from the shell.
  std::string address;
  std::string fields;  ///< Names of what was given, never values.
};

/// Empty fields do not filter; those that a kind does not have are ignored.
struct RecordQuery {
  Kind kind = Kind::account;
  model::AccountId account_id;  ///< Empty: all.
  std::size_t limit = 50;
  std::string cursor{};  ///< RecordPage::next of the page before, with the same query.
  std::string name{};    ///< Whole: the name, number (compared by its digits) or user name.
  model::ApplicationId application_id{};
  model::DomainId domain_id{};
  model::TrunkId trunk_id{};
  bool by_name = false;  ///< Else by creation time.
  bool descending = false;
};
struct RecordPage {
  std::vector<Record> records;
  std::string next;  ///< Opaque; empty: that was all.
};

struct AuditEntry {
  std::string id;
  WallTime at;
  model::AccountId account_id;
  model::ApiKeyId key;
  std::string address;
  std::string action;  ///< "created", "updated", "deleted".
  std::string kind;
  std::string record_id;
  std::string fields;
};
struct AuditPage {
  std::vector<AuditEntry> entries;  ///< Newest first.
  std::string next;
};

/// Blocking; one object a thread at a time.
class Provisioning {
 public:
  using Edit = Function<std::optional<StoreFailure>(Record&)>;

  Provisioning() = default;
  Provisioning(const Provisioning&) = delete;
  Provisioning& operator=(const Provisioning&) = delete;
  virtual ~Provisioning() = default;

  virtual StoreResult<Stored> find(const RecordRef& ref) = 0;
  /// `invalid` with field `cursor` for one that no page has given out.
  virtual StoreResult<RecordPage> page(const RecordQuery& query) = 0;
  virtual StoreResult<Stored> insert(Record record, const Author& author) = 0;
  /// Reads the record, lets `edit` change it, writes it, all as one. `outdated` when `revision` is given and
  /// the record has another one.
  virtual StoreResult<Stored> edit(const RecordRef& ref, std::optional<std::int64_t> revision, Edit edit,
                                   const Author& author) = 0;
  /// `in_use` says what still refers to it.
  virtual StoreResult<Unit> erase(const RecordRef& ref, std::optional<std::int64_t> revision,
                                  const Author& author) = 0;
  /// Of one account.
  virtual StoreResult<AuditPage> audit(const model::AccountId& account, std::size_t limit,
                                       const std::string& cursor) = 0;
};

/// Runs work on the thread that may block.
class ProvisioningQueue {
 public:
  /// What was found out, to be told once the rules that calls are routed by know of it.
  using Answer = Function<void()>;
  using Work = Function<Answer(Provisioning&)>;

  ProvisioningQueue() = default;
  ProvisioningQueue(const ProvisioningQueue&) = delete;
  ProvisioningQueue& operator=(const ProvisioningQueue&) = delete;
  virtual ~ProvisioningQueue() = default;

  /// False when too much waits already: then `work` was not taken and never runs. Any thread; the answer
  /// comes on another one.
  [[nodiscard]] virtual bool provision(Work work) = 0;
};

}  // namespace tandem::store
