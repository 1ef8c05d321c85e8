// The public face of the SDK.

export { TandemApp, SUBPROTOCOL, type TandemAppOptions, type CallHandler, type AppEvents } from './app.js';
export { Call, type CallEvents, type OperationOptions, type Params } from './call.js';
export { Operation, type Completed, type OpProgress } from './operation.js';
export { Session, type SessionEvents } from './session.js';
export { CallEndedError, OperationError, RequestError, SessionClosedError, TandemError, type Retry } from './errors.js';
export { verifySignature, SIGNATURE_WINDOW_SECONDS, type SignedRequest } from './signature.js';
export type * from './generated/protocol.js';
