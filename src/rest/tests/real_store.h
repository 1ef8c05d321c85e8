// The real store in memory, on the caller's thread, with the accounts AC1 and AC2. No test framework in here.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "rest/door.h"
#include "store/api/store.h"
#include "store/sql/open_store.h"

namespace tandem::rest::test {

class RealStore final : public store::CallStore {
 public:
  RealStore() : sql_(std::move(store::open_store({"sqlite::memory:"})).value()) {
    for (const char* id : {"AC1", "AC2"}) {
      store::Account account;
      account.id = model::AccountId(id), account.name = id;
      (void)sql_->create(account);
    }
  }
  bool busy = false;
  bool away = false;  ///< As a database server that is gone.

  std::shared_ptr<const store::RoutingTable> snapshot() override {
    return std::make_shared<const store::RoutingTable>(sql_->rules().value());
  }
  void on_rules_changed(Function<void()>) override {}
  void find_route(store::RouteQuery, Function<void(std::optional<store::Route>)>) override {}
  void write_cdr(store::Cdr, Function<void()>) override {}
  void list_cdrs(store::CdrQuery, Function<void(store::StoreResult<store::CdrPage>)>) override {}
  void find_cdr(model::AccountId, model::CallId, Function<void(store::StoreResult<store::Cdr>)>) override {}
  void touch(const model::ApiKeyId&) override {}
  void change(Function<store::StoreResult<Unit>(store::Store&)> work,
              Function<void(store::StoreResult<Unit>)> done) override {
    done(work(*sql_));
  }
  bool provision(Work work) override {
    if (busy) return false;
    Away gone;
    work(away ? static_cast<store::Provisioning&>(gone) : *sql_->provisioning())();
    return true;
  }
  store::Store& sql() { return *sql_; }

 private:
  class Away final : public store::Provisioning {
    static auto no() { return Err(store::StoreFailure{store::StoreError::unavailable, {}, "away"}); }
    store::StoreResult<store::Stored> find(const store::RecordRef&) override { return no(); }
    store::StoreResult<store::RecordPage> page(const store::RecordQuery&) override { return no(); }
    store::StoreResult<store::Stored> insert(store::Record, const store::Author&) override { return no(); }
    store::StoreResult<store::Stored> edit(const store::RecordRef&, std::optional<std::int64_t>, Edit,
                                           const store::Author&) override {
      return no();
    }
    store::StoreResult<Unit> erase(const store::RecordRef&, std::optional<std::int64_t>,
                                   const store::Author&) override {
      return no();
    }
    store::StoreResult<store::AuditPage> audit(const model::AccountId&, std::size_t,
                                               const std::string&) override {
      return no();
    }
  };
  std::unique_ptr<store::Store> sql_;
};

inline PasswordHashes hash_password(const std::string& user, const std::string& realm, const std::string&) {
  return {std::string(31, 'a') + static_cast<char>('0' + user.size() % 10),
          std::string(63, 'b') + static_cast<char>('0' + realm.size() % 10)};
}

}  // namespace tandem::rest::test
