// op.cancel, op.stop, op.pause, op.resume, op.update, op.get: all idempotent; `no_op` says that there was
// nothing to do.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

using Reply = Result<model::OperationView, model::Error>;

Reply reply(Call& call, const model::OpId& id, Result<bool, model::Error> no_op) {
  if (!no_op) return Err(std::move(no_op.error()));
  model::OperationView view = call.ops().view(id);
  view.no_op = *no_op;
  return view;
}

}  // namespace

Reply control(Call& call, const model::OpCancel& p) {
  return reply(call, p.op_id, call.ops().end(p.op_id, machine::EndWish::cancel));
}
Reply control(Call& call, const model::OpStop& p) {
  return reply(call, p.op_id, call.ops().end(p.op_id, machine::EndWish::stop));
}
Reply control(Call& call, const model::OpPause& p) {
  return reply(call, p.op_id, call.ops().pause(p.op_id));
}
Reply control(Call& call, const model::OpResume& p) {
  return reply(call, p.op_id, call.ops().resume(p.op_id));
}
Reply control(Call& call, const model::OpUpdate& p) {
  return reply(call, p.op_id, call.ops().update(p.op_id, p));
}
Reply control(Call& call, const model::OpGet& p) {
  return call.ops().view(p.op_id);
}

}  // namespace tandem::call
