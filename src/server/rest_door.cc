#include "server/rest_door.h"

#include "sip/digest/digest.h"
#include "store/api/api_key.h"
#include "store/api/cdr_record.h"
#include "store/api/routing.h"

namespace tandem::server {
namespace {

rest::KeyFault fault_of(store::ApiKeyError e) {
  switch (e) {
    case store::ApiKeyError::malformed:
      return rest::KeyFault::malformed;
    case store::ApiKeyError::unknown:
      return rest::KeyFault::unknown;
    case store::ApiKeyError::expired:
      return rest::KeyFault::expired;
    case store::ApiKeyError::revoked:
      return rest::KeyFault::revoked;
  }
  return rest::KeyFault::unknown;
}

class StoreAccess final : public rest::Access {
 public:
  StoreAccess(store::CallStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Result<rest::Caller, rest::KeyFault> authenticate(std::string_view token) override {
    const auto rules = store_.snapshot();
    const auto key = store::authenticate(*rules, token, clock_.wall());
    if (!key) return Err(fault_of(key.error()));
    store_.touch((*key)->id);
    rest::Caller caller{(*key)->id, (*key)->account_id};
    const auto grant = [&](store::Scope has, rest::Scope gives) {
      if (store::allows(**key, has)) caller.grant(gives);
    };
    grant(store::Scope::calls_read, rest::Scope::calls_read);
    grant(store::Scope::calls_write, rest::Scope::calls_write);
    grant(store::Scope::endpoints_read, rest::Scope::endpoints_read);
    grant(store::Scope::conferences_read, rest::Scope::conferences_read);
    grant(store::Scope::conferences_write, rest::Scope::conferences_write);
    grant(store::Scope::queues_read, rest::Scope::queues_read);
    grant(store::Scope::queues_write, rest::Scope::queues_write);
    grant(store::Scope::provisioning_read, rest::Scope::provisioning_read);
    grant(store::Scope::provisioning_write, rest::Scope::provisioning_write);
    caller.gives = (*key)->scopes;
    // Who may see calls may see who holds them.
    grant(store::Scope::calls_read, rest::Scope::sessions_read);
    return caller;
  }
  bool has_account(const model::AccountId& account) override {
    return store_.snapshot()->account(account) != nullptr;
  }

 private:
  store::CallStore& store_;
  const Clock& clock_;
};

rest::PasswordHashes hash_password(const std::string& user, const std::string& realm,
                                   const std::string& password) {
  return {sip::digest_ha1(sip::DigestAlgorithm::md5, user, realm, password),
          sip::digest_ha1(sip::DigestAlgorithm::sha256, user, realm, password)};
}

class StoreHistory final : public rest::CallHistory {
 public:
  explicit StoreHistory(store::CallStore& store) : store_(store) {}

  void list(rest::HistoryQuery query, Listed done) override {
    store::CdrQuery wanted;
    wanted.account_id = std::move(query.account);
    wanted.limit = query.limit;
    wanted.cursor = std::move(query.cursor);
    wanted.from = std::move(query.from);
    wanted.to = std::move(query.to);
    if (query.direction) wanted.direction = model::to_string(*query.direction);
    wanted.started_from = query.started_after;
    wanted.started_before = query.started_before;
    wanted.session_id = std::move(query.session_id);
    store_.list_cdrs(
        std::move(wanted), [d = std::move(done)](const store::StoreResult<store::CdrPage>& page) mutable {
          if (!page) {
            // The door has checked all else.
            const bool cursor = page.error().error == store::StoreError::invalid;
            return d(Err(cursor ? rest::HistoryFault::bad_cursor : rest::HistoryFault::unavailable));
          }
          rest::HistoryPage out;
          for (const store::Cdr& cdr : page->cdrs) out.cdrs.push_back(store::cdr_record(cdr));
          out.next = page->next;
          d(std::move(out));
        });
  }

  void find(model::AccountId account, model::CallId call, Found done) override {
    store_.find_cdr(std::move(account), std::move(call),
                    [d = std::move(done)](const store::StoreResult<store::Cdr>& cdr) mutable {
                      if (cdr) return d(std::optional(store::cdr_record(*cdr)));
                      if (cdr.error().error == store::StoreError::not_found)
                        return d(std::optional<model::Cdr>());
                      d(Err(rest::HistoryFault::unavailable));
                    });
  }

 private:
  store::CallStore& store_;
};

model::Error error_of(const store::StoreFailure& failure) {
  using model::ErrorCode;
  model::Error error;
  error.field = failure.field;
  error.message = failure.field.empty() ? failure.detail : failure.field + ": " + failure.detail;
  switch (failure.error) {
    case store::StoreError::invalid:
      error.code = ErrorCode::invalid_params;
      break;
    case store::StoreError::conflict:
      error.code = ErrorCode::invalid_params;
      error.field = "name";
      error.message = "name: another queue of the account has it";
      break;
    case store::StoreError::not_found:
      error.code = ErrorCode::queue_not_found;
      error.field.clear();
      error.message = "the account has no such provisioned queue";
      break;
    default:
      error.code = ErrorCode::no_capacity;
      error.field.clear();
      error.message = "the store is not available";
      break;
  }
  return error;
}

class StoreQueues final : public rest::QueueProvisioner {
 public:
  explicit StoreQueues(store::CallStore& store) : store_(store) {}

  void create(model::AccountId account, wire::QueueSettingsBody settings, Done done) override {
    store::Queue queue = queue_of(std::move(account), model::QueueId::make(), std::move(settings));
    change(
        queue.id, [queue](store::Store& s) { return s.create(queue); }, std::move(done));
  }
  void replace(model::AccountId account, model::QueueId id, wire::QueueSettingsBody settings,
               Done done) override {
    store::Queue queue = queue_of(std::move(account), id, std::move(settings));
    change(
        std::move(id), [queue](store::Store& s) { return s.update(queue); }, std::move(done));
  }
  void remove(model::AccountId account, model::QueueId id, Done done) override {
    change(
        id,
        [account = std::move(account), id](store::Store& s) -> store::StoreResult<Unit> {
          const auto all = s.queues(account);
          if (!all) return Err(all.error());
          for (const store::Queue& queue : *all) {
            if (queue.id == id) return s.remove(id);
          }
          return Err(store::StoreFailure{store::StoreError::not_found, "id", "there is none"});
        },
        std::move(done));
  }

 private:
  static store::Queue queue_of(model::AccountId account, model::QueueId id, wire::QueueSettingsBody s) {
    store::Queue queue;
    queue.id = std::move(id);
    queue.account_id = std::move(account);
    queue.name = std::move(s.name);
    queue.max_size = static_cast<std::uint32_t>(s.max_size);
    queue.max_wait_ms = s.max_wait_ms;
    queue.overflow_action = s.overflow_action;
    queue.overflow_queue = std::move(s.overflow_queue);
    queue.wait_urls = std::move(s.wait_urls);
    queue.order = s.order;
    return queue;
  }
  template <class Work>
  void change(model::QueueId id, Work work, Done done) {
    store_.change(
        [w = std::move(work)](store::Store& s) mutable -> store::StoreResult<Unit> {
          auto result = w(s);
          if (!result) return Err(std::move(result).error());
          return Unit{};
        },
        [id = std::move(id), d = std::move(done)](const store::StoreResult<Unit>& result) mutable {
          if (!result) return d(Err(error_of(result.error())));
          d(std::move(id));
        });
  }

  store::CallStore& store_;
};

}  // namespace

RestDoor::RestDoor(rest::DoorOptions options, RestPorts ports)
    : access_(std::make_unique<StoreAccess>(ports.store, ports.clock)),
      history_(std::make_unique<StoreHistory>(ports.store)),
      queues_(std::make_unique<StoreQueues>(ports.store)),
      loop_(std::make_unique<runtime::Loop>("rest", ports.clock)),
      door_(std::make_unique<rest::Door>(
          options, rest::DoorPorts{ports.core, ports.control, *loop_, *access_, *history_, ports.locations,
                                   ports.metrics, *queues_, ports.recordings, &ports.store, hash_password})) {
}

RestDoor::~RestDoor() {
  door_->close();
  loop_.reset();
}

void RestDoor::attach(net::HttpServer& http) {
  http.handle("/v1/", [door = door_.get()](net::HttpRequest request, net::HttpServer::Reply reply) {
    door->handle(std::move(request), std::move(reply));
  });
}

}  // namespace tandem::server
