// Store, directory and sessions as fakes.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "call/api/core.h"
#include "cluster/api/call_directory.h"
#include "runtime/manual_loop.h"
#include "store/api/store.h"

namespace tandem::call::testing {

using std::chrono::milliseconds;

class FakeStore final : public store::CallStore {
 public:
  explicit FakeStore(runtime::ManualLoop& loop) : loop_(loop) {}
  std::optional<store::Route> route;
  std::vector<store::Cdr> cdrs;
  bool durable = true;  ///< False: keeps the callbacks until release().

  store::RoutingTable::Rules rules;  ///< What snapshot() gives.

  [[nodiscard]] std::shared_ptr<const store::RoutingTable> snapshot() override {
    return std::make_shared<const store::RoutingTable>(rules);
  }
  void on_rules_changed(Function<void()> /*changed*/) override {}
  void list_cdrs(store::CdrQuery /*query*/,
                 Function<void(store::StoreResult<store::CdrPage>)> done) override {
    loop_.post([d = std::move(done), list = cdrs]() mutable { d(store::CdrPage{std::move(list), {}}); });
  }
  void find_cdr(model::AccountId /*account*/, model::CallId call,
                Function<void(store::StoreResult<store::Cdr>)> done) override {
    for (const auto& one : cdrs) {
      if (one.call_id == call) return loop_.post([d = std::move(done), one]() mutable { d(one); });
    }
    loop_.post([d = std::move(done)]() mutable {
      d(Err(store::StoreFailure{store::StoreError::not_found, "call_id", "there is no such call"}));
    });
  }
  void change(Function<store::StoreResult<Unit>(store::Store&)> /*work*/,
              Function<void(store::StoreResult<Unit>)> /*done*/) override {}
  void touch(const model::ApiKeyId& /*key*/) override {}
  void find_route(store::RouteQuery query, Function<void(std::optional<store::Route>)> done) override {
    const bool known = query.called == "+15550199";
    loop_.post([d = std::move(done), r = known ? route : std::nullopt]() mutable { d(std::move(r)); });
  }
  void write_cdr(store::Cdr cdr, Function<void()> done) override {
    cdrs.push_back(std::move(cdr));
    waiting_.push_back(std::move(done));
    if (durable) release();
  }
  void release() {
    for (auto& done : std::exchange(waiting_, {})) {
      loop_.post([d = std::move(done)]() mutable { d(); });
    }
  }

 private:
  runtime::ManualLoop& loop_;
  std::vector<Function<void()>> waiting_;
};

class FakeDirectory final : public cluster::CallDirectory {
 public:
  std::map<model::CallId, cluster::CallRecord> records;
  std::vector<cluster::CallRecord> orphans;
  void put(cluster::CallRecord r) override { records[r.call_id] = std::move(r); }
  void remove(const model::CallId& id) override { records.erase(id); }
  [[nodiscard]] std::vector<cluster::CallRecord> take_orphans() override {
    return std::exchange(orphans, {});
  }
};

class FakeGateway final : public SessionGateway {
 public:
  std::vector<SessionOpening> opened;
  std::vector<model::Event> events;
  std::vector<model::SessionId> sessions;  ///< Of each event.
  std::vector<model::SessionId> idle_sessions;

  void open(SessionOpening opening) override { opened.push_back(std::move(opening)); }
  void deliver(const model::SessionId& session, model::Event event) override {
    events.push_back(std::move(event));
    sessions.push_back(session);
  }
  void idle(const model::SessionId& session) override { idle_sessions.push_back(session); }
};

}  // namespace tandem::call::testing
