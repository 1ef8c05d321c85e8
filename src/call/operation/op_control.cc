// op.cancel, op.stop, op.pause, op.resume, op.update, op.get: all idempotent; `no_op` says that there was
// nothing to do.
#include "call/operation/verbs.h"
#include "call/resource/call.h"

namespace tandem::call {
namespace {

using Reply = Result<model::OperationView, model::Error>;

Reply reply(OpTable& ops, const model::OpId& id, Result<bool, model::Error> no_op) {
  if (!no_op) return Err(std::move(no_op.error()));
  model::OperationView view = ops.view(id);
  view.no_op = *no_op;
  return view;
}

}  // namespace

Reply control(OpTable& ops, const model::OpCancel& p) {
  return reply(ops, p.op_id, ops.end(p.op_id, machine::EndWish::cancel));
}
Reply control(OpTable& ops, const model::OpStop& p) {
  return reply(ops, p.op_id, ops.end(p.op_id, machine::EndWish::stop));
}
Reply control(OpTable& ops, const model::OpPause& p) {
  return reply(ops, p.op_id, ops.pause(p.op_id));
}
Reply control(OpTable& ops, const model::OpResume& p) {
  return reply(ops, p.op_id, ops.resume(p.op_id));
}
Reply control(OpTable& ops, const model::OpUpdate& p) {
  return reply(ops, p.op_id, ops.update(p.op_id, p));
}
Reply control(OpTable& ops, const model::OpGet& p) {
  return ops.view(p.op_id);
}

}  // namespace tandem::call
