// Operations on live calls: the verbs of the application protocol, waited for or not.
#include "rest/prefer.h"
#include "rest/resources.h"
#include "wire/rest_body.h"

namespace tandem::rest {
namespace {

using model::ErrorCode;
using Submitted = Result<model::OperationView, model::Error>;

bool is_over(const model::OperationView& view) {
  return view.state == model::OpState::completed;
}

net::HeaderList headers_of(const Exchange& exchange, const model::OperationView& view) {
  const Preference preference = preference_of(exchange.request.headers);
  const OperationOwner of = owner_of(exchange, view);
  const std::string owner =
      of.conference.empty() ? "/Calls/" + of.call.str() : "/Conferences/" + of.conference.str();
  net::HeaderList out{
      {"Location", "/v1/Accounts/" + exchange.account.str() + owner + "/Operations/" + view.id.str()}};
  if (!preference.applied.empty()) out.emplace_back("Preference-Applied", preference.applied);
  return out;
}

void answer_operation(ExchangePtr exchange, const model::OperationView& view) {
  exchange->answer(is_over(view) ? 200 : 202, encoded(view), headers_of(*exchange, view));
}

/// 204 when the call is over, whoever ended it.
void answer_ended(ExchangePtr exchange, const model::OperationView& view) {
  if (!is_over(view)) return answer_operation(std::move(exchange), view);
  const bool failed = view.outcome == model::OpOutcome::failed && view.reason != model::OpReason::call_ended;
  if (failed && view.error) return exchange->refuse(*view.error);
  auto headers = headers_of(*exchange, view);
  headers.erase(
      headers.begin());  // A Location would name the operation, and there is nothing to see any more.
  exchange->answer_empty(204, std::move(headers));
}

/// Submits and, if the client wants that, waits for the outcome. `refused` gets what the core refuses.
template <class Refused>
void submit(Desk& desk, ExchangePtr exchange, model::RequestParams params, Desk::Settle settle,
            Refused refused) {
  const auto longest = preference_of(exchange->request.headers).wait;
  const bool waits = longest.count() > 0 && desk.may_wait(exchange->account);
  const std::uint64_t wait = waits ? desk.next_wait() : 0;
  auto done = waits ? desk.settler(wait) : Function<void(const model::OperationView&)>();
  const model::AccountId account = exchange->account;
  desk.ask([account, p = std::move(params),
            d = std::move(done)](call::Core& core) mutable { return core.submit(account, p, std::move(d)); },
           [&desk, wait, longest, x = std::move(exchange), settle = std::move(settle),
            refused = std::move(refused)](Submitted submitted) mutable {
             if (!submitted) return refused(std::move(x), submitted.error());
             if (wait == 0 || is_over(*submitted)) return settle(std::move(x), *submitted);
             desk.wait(wait, std::move(x), std::move(*submitted), longest, std::move(settle));
           });
}

/// A call that has ended was to end: that is no error.
void refuse_ending(Desk& desk, ExchangePtr exchange, const model::Error& error) {
  if (error.code == ErrorCode::call_ended) return exchange->answer_empty(204);
  if (error.code != ErrorCode::call_not_found) return exchange->refuse(error);
  const model::AccountId account = exchange->account;
  const model::CallId call = exchange->call;
  using Found = Result<std::optional<model::Cdr>, HistoryFault>;
  desk.history.find(account, call,
                    desk.back_here<Found>([x = std::move(exchange), error](const Found& found) {
                      if (found && *found) return x->answer_empty(204);
                      x->refuse(error);
                    }));
}

model::RequestParams control_params(Action action, const model::OpId& op) {
  const auto with = [&op](auto params) {
    params.op_id = op;
    return model::RequestParams(std::move(params));
  };
  switch (action) {
    case Action::stop_operation:
    case Action::stop_conference_operation:
      return with(model::OpStop{});
    case Action::pause_operation:
      return with(model::OpPause{});
    case Action::resume_operation:
      return with(model::OpResume{});
    default:
      return with(model::OpCancel{});
  }
}

model::Error no_operation(call::Core& core, const OperationOwner& owner) {
  if (!owner.conference.empty()) {
    return core.conference(owner.account, owner.conference)
               ? fault(ErrorCode::op_not_found, {}, "the conference has no such operation")
               : fault(ErrorCode::conference_not_found, {}, "there is no such conference");
  }
  return core.call(owner.account, owner.call)
             ? fault(ErrorCode::op_not_found, {}, "the call has no such operation")
             : fault(ErrorCode::call_not_found, {}, "there is no such live call");
}

std::string control_text(const model::OperationView& view) {
  std::string out;
  wire::JsonWriter w(out);
  w.begin_object();
  w.key("op");
  wire::encode(w, view);
  w.key("no_op");
  w.boolean(view.no_op);
  w.end_object();
  return out;
}

}  // namespace

void create_operation(Desk& desk, ExchangePtr exchange) {
  auto params = exchange->conference.empty()
                    ? wire::decode_operation(exchange->request.body, exchange->call)
                    : wire::decode_operation(exchange->request.body, exchange->conference);
  if (!params) return exchange->refuse(params.error());
  submit(desk, std::move(exchange), std::move(*params), answer_operation,
         [](ExchangePtr x, model::Error error) {
           if (!error.field.empty()) error.field = "params." + error.field;
           x->refuse(error);
         });
}

void create_queue_operation(Desk& desk, ExchangePtr exchange) {
  auto params = wire::decode_queue_operation(exchange->request.body, exchange->queue);
  if (!params) return exchange->refuse(params.error());
  submit(desk, std::move(exchange), std::move(*params), answer_operation,
         [](ExchangePtr x, model::Error error) {
           if (!error.field.empty() && error.field != "queue_id") error.field = "params." + error.field;
           x->refuse(error);
         });
}

void remove_queue_entry(Desk& desk, ExchangePtr exchange) {
  model::QueueRemove remove;
  remove.queue_entry_id = exchange->entry;
  remove.queue_id = exchange->queue;
  submit(desk, std::move(exchange), std::move(remove), answer_ended, [](ExchangePtr x, model::Error error) {
    error.field.clear();  // It stands in the path.
    x->refuse(error);
  });
}

void end_call(Desk& desk, ExchangePtr exchange) {
  model::CallHangup hangup;
  hangup.call_id = exchange->call;
  submit(desk, std::move(exchange), std::move(hangup), answer_ended,
         [&desk](ExchangePtr x, const model::Error& error) { refuse_ending(desk, std::move(x), error); });
}

void end_conference(Desk& desk, ExchangePtr exchange) {
  model::ConferenceEnd end;
  end.conference_id = exchange->conference;
  submit(desk, std::move(exchange), std::move(end), answer_ended,
         [](ExchangePtr x, const model::Error& error) { x->refuse(error); });
}

void get_operation(Desk& desk, ExchangePtr exchange) {
  const OperationOwner owner = owner_of(*exchange);
  const model::OpId op = exchange->op;
  desk.ask(
      [owner, op](call::Core& core) -> Submitted {
        auto view = operation_of(core, owner, op);
        if (!view) return Err(no_operation(core, owner));
        return std::move(*view);
      },
      [x = std::move(exchange)](const Submitted& view) {
        if (!view) return x->refuse(view.error());
        x->answer(200, encoded(*view));
      });
}

void control_operation(Desk& desk, ExchangePtr exchange) {
  if (auto body = wire::decode_empty(exchange->request.body); !body) return exchange->refuse(body.error());
  const OperationOwner owner = owner_of(*exchange);
  const model::OpId op = exchange->op;
  const Action action = exchange->route->action;
  desk.ask(
      [owner, op, action](call::Core& core) -> Submitted {
        // The core finds operations by their own id; the path must name their call or conference too.
        if (!operation_of(core, owner, op)) return Err(no_operation(core, owner));
        return core.submit(owner.account, control_params(action, op), {});
      },
      [x = std::move(exchange)](const Submitted& view) {
        if (!view) return x->refuse(view.error());
        x->answer(200, control_text(*view));
      });
}

}  // namespace tandem::rest
