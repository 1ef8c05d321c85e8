// The public face of the SDK.

export { ConferenceRecordOperation, RecordOperation, type Recording } from './recording.js';
export { TandemApp, type TandemAppOptions, type AppEvents } from './app.js';
export { Bridge, type BridgeEvents } from './bridge.js';
export { Call, type BridgeInput, type CallEvents, type OperationOptions, type Params, type TransferInput } from './call.js';
export {
  Conference,
  JoinOperation,
  Participant,
  type ConferenceEvents as ConferenceEventMap,
  type CreateConferenceInput,
  type JoinInput,
  type ParticipantChange,
} from './conference.js';
export {
  BridgeOperation,
  DialOperation,
  parseTarget,
  type DialInput,
  type DialPlanInput,
  type DialResult,
  type Target,
  type TargetGroups,
} from './dial.js';
export {
  AttemptError,
  CallEndedError,
  OperationError,
  RequestError,
  SessionClosedError,
  TandemError,
  type Retry,
} from './errors.js';
export { Operation, type Completed, type OpMark, type OpProgress } from './operation.js';
export {
  EnqueueOperation,
  Queue,
  QueueEntry,
  TakeOperation,
  type EnqueueInput,
  type EnqueueResult,
  type QueueEntryEvents,
  type QueueEvents,
  type TakeInput,
  type TakeResult,
} from './queue.js';
export { ReferRequest, type ReferAcceptOptions } from './refer.js';
export {
  RestError,
  TandemClient,
  type CallQuery,
  type CreateCall,
  type List,
  type OperationControl,
  type Page,
  type PageQuery,
  type QueueSettings,
  type QueueState,
  type RestCall,
  type RunOptions,
  type TandemClientOptions,
} from './rest.js';
export type { CallHandler, OutboundHandler } from './runner.js';
export { Session, type EndpointChange, type SessionEvents } from './session.js';
export { verifySignature, SIGNATURE_WINDOW_SECONDS, type SignedRequest } from './signature.js';
export { SUBPROTOCOL, Worker, type ConnectOptions, type WorkerEvents } from './worker.js';
export type { ChangeOptions, SortedQuery, WriteOptions } from './provisioning.js';
export type * from './generated/protocol.js';
export type * from './generated/rest.js';
