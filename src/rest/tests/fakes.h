// What the door stands on, as a test wants it. No test framework in here: the fuzzer uses it too.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rest/door.h"

namespace tandem::rest::test {

inline const model::AccountId kAccount("AC1");
inline const model::CallId kCall("CA1");
inline const model::OpId kOp("OP1");
inline const model::ApplicationId kApplication("AP1");

class FakeCore final : public call::Core {
 public:
  using Done = Function<void(const model::OperationView&)>;
  std::vector<model::Intent> all_intents;
  std::vector<model::LiveCall> all_calls;
  std::vector<model::LiveSession> all_sessions;
  std::map<model::OpId, model::OperationView> operations;
  std::map<model::OpId, Done> dones;
  std::vector<model::RequestParams> submitted;
  std::vector<call::OutboundRequest> requested;
  std::optional<model::Error> refusal;
  bool complete_at_once = false;

  Result<model::OperationView, model::Error> submit(const model::SessionId&,
                                                    const model::RequestParams&) override {
    return Err(model::Error{});
  }
  model::SessionSnapshot snapshot(const model::SessionId&) override { return {}; }

  Result<model::Intent, model::Error> request_outbound(call::OutboundRequest request) override {
    requested.push_back(request);
    if (refusal) return Err(*refusal);
    model::Intent intent;
    intent.id = model::IntentId("IN" + std::to_string(requested.size()));
    intent.account_id = request.account;
    intent.application_id = request.application.empty() ? kApplication : request.application;
    intent.requested_at = WallTime(std::chrono::seconds(1'767'225'600 + requested.size()));
    intent.expires_at = intent.requested_at + std::chrono::minutes(1);
    all_intents.push_back(intent);
    return intent;
  }
  std::optional<model::Intent> intent(const model::AccountId& account, const model::IntentId& id) override {
    for (const auto& i : all_intents) {
      if (i.id == id && i.account_id == account) return i;
    }
    return std::nullopt;
  }
  std::vector<model::Intent> intents(const model::AccountId&) override { return all_intents; }
  std::vector<model::LiveCall> calls(const model::AccountId&) override { return all_calls; }
  std::optional<model::LiveCall> call(const model::AccountId&, const model::CallId& id) override {
    for (const auto& c : all_calls) {
      if (c.call.id == id) return c;
    }
    return std::nullopt;
  }
  std::vector<model::LiveSession> sessions(const model::AccountId&) override { return all_sessions; }
  Result<model::OperationView, model::Error> submit(const model::AccountId&,
                                                    const model::RequestParams& params, Done done) override {
    submitted.push_back(params);
    if (refusal) return Err(*refusal);
    const auto control = [&](const auto& p) -> std::optional<model::OpId> {
      if constexpr (requires { p.call_id; }) {
        return std::nullopt;
      } else if constexpr (requires { p.op_id.str(); }) {
        return p.op_id;
      } else {
        return std::nullopt;
      }
    };
    if (const auto op = std::visit(control, params)) {
      model::OperationView view = operations.at(*op);
      view.no_op = true;
      return view;
    }
    model::OperationView view;
    view.id = model::OpId("OP" + std::to_string(submitted.size()));
    view.method = model::method_name(params);
    view.call_id = kCall;
    view.state = complete_at_once ? model::OpState::completed : model::OpState::running;
    if (complete_at_once) view.outcome = model::OpOutcome::succeeded;
    operations[view.id] = view;
    if (done) dones[view.id] = std::move(done);
    return view;
  }
  void complete(const model::OpId& id, model::OpOutcome outcome, model::OpReason reason) {
    model::OperationView& view = operations.at(id);
    view.state = model::OpState::completed;
    view.outcome = outcome;
    view.reason = reason;
    if (const auto done = dones.find(id); done != dones.end()) done->second(view);
  }
  std::optional<model::OperationView> operation(const model::AccountId&, const model::CallId& call,
                                                const model::OpId& id) override {
    const auto found = operations.find(id);
    if (found == operations.end() || found->second.call_id != call) return std::nullopt;
    return found->second;
  }
  std::vector<model::ConferenceSnapshot> all_conferences;
  std::vector<model::ConferenceSnapshot> conferences(const model::AccountId&) override {
    return all_conferences;
  }
  std::optional<model::ConferenceSnapshot> conference(const model::AccountId&,
                                                      const model::ConferenceId& id) override {
    for (const auto& c : all_conferences) {
      if (c.id == id) return c;
    }
    return std::nullopt;
  }
  Result<model::ConferenceSnapshot, model::Error> create_conference(
      const model::AccountId&, const model::ConferenceCreate& params) override {
    if (refusal) return Err(*refusal);
    model::ConferenceSnapshot made;
    made.id = model::ConferenceId("CF" + std::to_string(all_conferences.size() + 1));
    made.name = params.name;
    made.state = model::ConferenceState::waiting;
    made.pin_required = params.options.pin.has_value();
    made.max_participants = params.options.max_participants.value_or(1000);
    made.created_at = WallTime(std::chrono::seconds(1'767'225'600 + all_conferences.size()));
    all_conferences.push_back(made);
    return made;
  }
  std::optional<model::OperationView> operation(const model::AccountId&, const model::ConferenceId&,
                                                const model::OpId& id) override {
    const auto found = operations.find(id);
    return found == operations.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<model::QueueInfo> all_queues;
  std::vector<model::QueueEntry> all_entries;  ///< Of the first queue.
  std::vector<model::QueueInfo> queues(const model::AccountId& account) override {
    return account == kAccount ? all_queues : std::vector<model::QueueInfo>();
  }
  std::optional<call::QueuePage> queue(const model::AccountId& account, const model::QueueId& id,
                                       std::size_t first, std::size_t limit) override {
    for (const auto& q : queues(account)) {
      if (q.id != id) continue;
      call::QueuePage page{q, {}};
      for (std::size_t i = first - 1; i < all_entries.size() && page.entries.size() < limit; ++i)
        page.entries.push_back(all_entries[i]);
      return page;
    }
    return std::nullopt;
  }
  void subscribe(const model::SessionId&, const model::SessionSubscribe&) override {}
  void session_opened(const model::SessionId&) override {}
  void session_failed(const model::SessionId&, call::SessionFailure) override {}
  void session_lost(const model::SessionId&) override {}
  void session_closed(const model::SessionId&) override {}
  void set_draining(bool) override {}
  std::size_t live_calls() const override { return all_calls.size(); }
};

/// Cursors are positions as text.
class FakeHistory final : public CallHistory {
 public:
  std::vector<model::Cdr> cdrs;
  std::optional<HistoryFault> fault;
  std::vector<HistoryQuery> queries;

  void list(HistoryQuery query, Listed done) override {
    queries.push_back(query);
    if (fault) return done(Err(*fault));
    std::size_t at = query.cursor.empty() ? 0 : std::stoul(query.cursor);
    HistoryPage page;
    for (; at < cdrs.size() && page.cdrs.size() < query.limit; ++at) page.cdrs.push_back(cdrs[at]);
    if (at < cdrs.size()) page.next = std::to_string(at);
    done(std::move(page));
  }
  void find(model::AccountId, model::CallId call, Found done) override {
    if (fault) return done(Err(*fault));
    for (const auto& cdr : cdrs) {
      if (cdr.call_id == call) return done(std::optional(cdr));
    }
    done(std::optional<model::Cdr>());
  }
};

class FakeAccess final : public Access {
 public:
  std::map<std::string, Result<Caller, KeyFault>, std::less<>> keys;
  std::set<model::AccountId> accounts{kAccount, model::AccountId("AC2")};

  static Caller caller(std::string key, std::string account, std::initializer_list<Scope> scopes) {
    Caller out{model::ApiKeyId(std::move(key)), model::AccountId(std::move(account)), 0};
    for (const Scope s : scopes) out.grant(s);
    return out;
  }
  FakeAccess() {
    using enum Scope;
    const std::initializer_list<Scope> all{
        calls_read,        calls_write, endpoints_read, sessions_read,     conferences_read,
        conferences_write, queues_read, queues_write,   provisioning_read, provisioning_write};
    keys.emplace("AK1.all", caller("AK1", "AC1", all));
    keys.emplace("AK2.foreign", caller("AK2", "AC2", all));
    keys.emplace("AK3.none", caller("AK3", "AC1", {}));
    keys.emplace("AK4.read", caller("AK4", "AC1", {calls_read}));
    keys.emplace("AK5.operator", caller("AK5", "", all));
    for (auto& [token, key] : keys) {
      key->gives = {store::Scope::calls_read, store::Scope::calls_write, store::Scope::provisioning_write};
    }
    keys.at("AK5.operator")->gives = {store::Scope::admin};
    keys.emplace("AK6.expired", Err(KeyFault::expired));
    keys.emplace("AK7.revoked", Err(KeyFault::revoked));
  }
  Result<Caller, KeyFault> authenticate(std::string_view token) override {
    const auto found = keys.find(token);
    return found == keys.end() ? Result<Caller, KeyFault>(Err(KeyFault::unknown)) : found->second;
  }
  bool has_account(const model::AccountId& account) override { return accounts.contains(account); }
};

class FakeQueues final : public QueueProvisioner {
 public:
  std::vector<std::string> asked;
  std::optional<model::Error> refusal;
  Function<void(const model::QueueId&, const wire::QueueSettingsBody&)> stored;
  void create(model::AccountId account, wire::QueueSettingsBody s, Done done) override {
    answer("create " + account.str() + " " + s.name, model::QueueId("QUnew"), s, std::move(done));
  }
  void replace(model::AccountId account, model::QueueId id, wire::QueueSettingsBody s, Done done) override {
    answer("replace " + account.str() + " " + id.str() + " " + s.name, id, s, std::move(done));
  }
  void remove(model::AccountId account, model::QueueId id, Done done) override {
    answer("remove " + account.str() + " " + id.str(), id, {}, std::move(done));
  }

 private:
  void answer(std::string what, const model::QueueId& id, const wire::QueueSettingsBody& s, Done done) {
    asked.push_back(std::move(what));
    if (refusal) return done(Err(*refusal));
    if (stored) stored(id, s);
    done(id);
  }
};

class FakeLocations final : public cluster::LocationService {
 public:
  std::vector<cluster::Endpoint> endpoints;  ///< By id.
  void put(cluster::Endpoint) override {}
  void remove(const model::EndpointId&) override {}
  const cluster::Endpoint* find(const model::EndpointId&) const override { return nullptr; }
  const cluster::Endpoint* find(std::string_view, std::string_view) const override { return nullptr; }
  cluster::EndpointPage list(const model::AccountId& account, std::string_view cursor,
                             std::size_t limit) const override {
    cluster::EndpointPage page;
    for (const auto& e : endpoints) {
      if (e.account_id != account || e.id.str() <= cursor) continue;
      if (page.endpoints.size() == limit) {
        page.next_cursor = page.endpoints.back().id.str();
        break;
      }
      page.endpoints.push_back(e);
    }
    return page;
  }
  std::size_t size() const override { return endpoints.size(); }
};

}  // namespace tandem::rest::test
