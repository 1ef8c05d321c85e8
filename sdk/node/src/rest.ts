// The REST door: ask for outbound calls, look at calls, sessions and endpoints, act on calls that others steer.

import { TandemError } from './errors.js';
import { Accounts, ApiKeys, AuditLog, Records, Routes } from './provisioning.js';
import type * as Rest from './generated/rest.js';
import type {
  CallDirection,
  CallSnapshot,
  CallState,
  Cdr,
  ConferenceCreate,
  ConferenceSnapshot,
  EndpointInfo,
  ErrorData,
  Intent,
  IntentState,
  LiveSession,
  MethodParams,
  OperationView,
  QueueEntry as QueueEntryInfo,
  QueueInfo,
  QueueOrdering,
  QueueOverflow,
} from './generated/protocol.js';

export interface TandemClientOptions {
  /** The server's HTTP address, for example "https://voice.example". */
  baseUrl: string;
  accountId: string;
  apiKey: string;
  /** A request is given up after so long; default 30 s. Waiting for an operation's outcome comes on top. */
  timeoutMs?: number;
  /** In place of the global fetch. */
  fetch?: typeof fetch;
}

/** The server refused a request, or could not be reached (`code` "unreachable", `status` 0). */
export class RestError extends TandemError {
  readonly status: number;

  constructor(message: string, status: number, error: Partial<ErrorData> & { code: string }) {
    super(message, error);
    this.status = status;
  }
}

export interface Page<T> {
  items: T[];
  /** For the next page; null on the last one. */
  next_cursor: string | null;
}

/** One page when awaited; all items of all pages in `for await`. */
export interface List<T> extends PromiseLike<Page<T>>, AsyncIterable<T> {}

export interface PageQuery {
  limit?: number;
  cursor?: string;
}

export interface CallQuery extends PageQuery {
  status?: CallState | 'live';
  direction?: CallDirection;
  from?: string;
  to?: string;
  session_id?: string;
  started_after?: string;
  started_before?: string;
}

/** A call, live or over. */
export interface RestCall {
  id: string;
  status: CallState;
  direction: CallDirection;
  from: string;
  to: string;
  created_at: string;
  answered_at?: string;
  ended_at?: string;
  session_id?: string;
  application_id?: string;
  intent_id?: string;
  parent_call_id?: string;
  /** Until its record is written. */
  live?: CallSnapshot;
  /** Once it is over. */
  cdr?: Cdr;
}

export interface CreateCall {
  /** Any JSON, at most 64 KiB: the application gets it as `session.data`. */
  data?: unknown;
  /** Absent: the account's outbound application. */
  applicationId?: string;
  /** The same key with the same body gives the same intent for 24 hours. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

type CallMethod = Extract<keyof MethodParams, `call.${string}`>;
type ConferenceMethod = Exclude<Extract<keyof MethodParams, `conference.${string}`>, 'conference.create'>;

export interface RunOptions {
  /** How long to wait for the outcome, at most 60; 0: not at all. Default 30. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

/** An operation after `cancel`, `stop`, `pause` or `resume`. */
export interface OperationControl {
  op: OperationView;
  /** There was nothing to do. */
  no_op: boolean;
}

/** How long the server waits for an outcome when nothing else is asked for. */
const DEFAULT_WAIT_S = 30;

/** @internal */
export interface Request {
  method?: string;
  /** The path counts from the accounts as a whole. */
  root?: boolean;
  query?: object;
  headers?: Record<string, string>;
  body?: unknown;
  /** Beyond the client's own limit. */
  extraMs?: number;
  signal?: AbortSignal | undefined;
}

export class TandemClient {
  readonly calls: Calls;
  readonly intents: Intents;
  readonly operations: Operations;
  readonly queues: Queues;
  readonly endpoints: Endpoints;
  readonly sessions: Sessions;
  readonly conferences: Conferences;
  /** Needs an operator's key, but for reading one's own. */
  readonly accounts: Accounts;
  readonly applications: Records<Rest.RestApplication, Rest.RestApplicationBody, 'name', { name?: string }>;
  readonly numbers: Records<Rest.RestNumber, Rest.RestNumberBody, 'did' | 'application_id', { did?: string; application_id?: string }>;
  readonly domains: Records<Rest.RestDomain, Rest.RestDomainBody, 'name' | 'application_id', { name?: string; application_id?: string }>;
  readonly trunks: Records<Rest.RestTrunk, Rest.RestTrunkBody, 'name', { name?: string; application_id?: string }>;
  readonly credentials: Records<
    Rest.RestCredential,
    Rest.RestCredentialBody,
    'username' | 'password',
    { username?: string; domain_id?: string; trunk_id?: string }
  >;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  readonly routes: Routes;
  readonly #options: TandemClientOptions;

  constructor(options: TandemClientOptions) {
    this.#options = options;
    const http = new Http(options);
    this.calls = new Calls(http);
    this.intents = new Intents(http);
    this.operations = new Operations(http);
    this.endpoints = new Endpoints(http);
    this.queues = new Queues(http);
    this.sessions = new Sessions(http);
    this.conferences = new Conferences(http);
    this.accounts = new Accounts(http);
    this.applications = new Records(http, '/Applications');
    this.numbers = new Records(http, '/Numbers');
    this.domains = new Records(http, '/Domains');
    this.trunks = new Records(http, '/Trunks');
    this.credentials = new Records(http, '/Credentials');
    this.apiKeys = new ApiKeys(http);
    this.auditLog = new AuditLog(http);
    this.routes = new Routes(http);
  }

  /** The same key on another account: an operator's is good for all. */
  for(accountId: string): TandemClient {
    return new TandemClient({ ...this.#options, accountId });
  }
}

class Calls {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Asks for an outbound call. Nothing is dialled: the application's `onOutbound` handler does that. */
  async create(call: CreateCall = {}): Promise<Intent> {
    const { data, applicationId, idempotencyKey, signal } = call;
    const { body } = await this.#http.send<Intent>('/Calls', {
      method: 'POST',
      headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
      body: { ...(data !== undefined && { data }), ...(applicationId !== undefined && { application_id: applicationId }) },
      signal,
    });
    return body;
  }

  async get(id: string): Promise<RestCall> {
    return (await this.#http.send<RestCall>(`/Calls/${part(id)}`)).body;
  }

  /** Calls, live ones first. A call that ends while you page may come twice. */
  list(query: CallQuery = {}): List<RestCall> {
    return this.#http.list('/Calls', query);
  }

  /** Ends a call; fine for one that is over. */
  async end(id: string): Promise<void> {
    await this.#http.send(`/Calls/${part(id)}`, { method: 'DELETE', extraMs: DEFAULT_WAIT_S * 1000 });
  }
}

class Intents {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** What became of an outbound call that was asked for. */
  async get(id: string): Promise<Intent> {
    return (await this.#http.send<Intent>(`/Intents/${part(id)}`)).body;
  }

  list(query: PageQuery & { state?: IntentState } = {}): List<Intent> {
    return this.#http.list('/Intents', query);
  }
}

class Operations {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Acts on a live call: the application protocol's own methods and parameters. Gives the operation as it is when the wait
   * is over; its `outcome` says how it ended, a failed one does not throw.
   */
  async run<M extends CallMethod>(
    callId: string,
    method: M,
    params: Omit<MethodParams[M], 'call_id'>,
    options: RunOptions = {},
  ): Promise<OperationView> {
    return this.#http.operate(`/Calls/${part(callId)}/Operations`, method, params, options);
  }

  async get(callId: string, opId: string): Promise<OperationView> {
    return (await this.#http.send<OperationView>(operationPath(callId, opId))).body;
  }

  /** Drops it. */
  cancel(callId: string, opId: string): Promise<OperationControl> {
    return this.#control(callId, opId, 'cancel');
  }

  /** Ends it and keeps its result so far. */
  stop(callId: string, opId: string): Promise<OperationControl> {
    return this.#control(callId, opId, 'stop');
  }

  pause(callId: string, opId: string): Promise<OperationControl> {
    return this.#control(callId, opId, 'pause');
  }

  resume(callId: string, opId: string): Promise<OperationControl> {
    return this.#control(callId, opId, 'resume');
  }

  async #control(callId: string, opId: string, verb: string): Promise<OperationControl> {
    const path = `${operationPath(callId, opId)}/${verb}`;
    return (await this.#http.send<OperationControl>(path, { method: 'POST', body: {} })).body;
  }
}

/** A provisioned queue. */
export interface QueueSettings {
  name: string;
  max_size?: number;
  max_wait_ms?: number;
  overflow_action?: QueueOverflow;
  overflow_queue?: string;
  wait_urls?: string[];
  order?: QueueOrdering;
}

/** A queue and a page of those who wait in it. */
export interface QueueState {
  queue: QueueInfo;
  entries: QueueEntryInfo[];
  next_cursor: string | null;
}

class Queues {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Provisioned ones and those in use, by name. */
  list(query: PageQuery = {}): List<QueueInfo> {
    return this.#http.list('/Queues', query);
  }

  async get(id: string, query: PageQuery = {}): Promise<QueueState> {
    return (await this.#http.send<QueueState>(`/Queues/${part(id)}`, { query: { ...query } })).body;
  }

  async create(settings: QueueSettings): Promise<QueueInfo> {
    return (await this.#http.send<QueueInfo>('/Queues', { method: 'POST', body: settings })).body;
  }

  async replace(id: string, settings: QueueSettings): Promise<QueueInfo> {
    return (await this.#http.send<QueueInfo>(`/Queues/${part(id)}`, { method: 'PUT', body: settings })).body;
  }

  /** Who waits in it waits on. */
  async delete(id: string): Promise<void> {
    await this.#http.send(`/Queues/${part(id)}`, { method: 'DELETE' });
  }

  /** Takes a call out of the queue. */
  async remove(id: string, entryId: string): Promise<void> {
    await this.#http.send(`/Queues/${part(id)}/Entries/${part(entryId)}`, { method: 'DELETE' });
  }

  /** queue.take, queue.remove or queue.update; see `operations.run()`. */
  async run<M extends 'queue.take' | 'queue.remove' | 'queue.update'>(
    id: string,
    method: M,
    params: Omit<MethodParams[M], 'queue' | 'queue_id'>,
    options: RunOptions = {},
  ): Promise<OperationView> {
    return this.#http.operate(`/Queues/${part(id)}/Operations`, method, params, options);
  }
}

class Endpoints {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Registered endpoints of the account's domains. */
  list(query: PageQuery = {}): List<EndpointInfo> {
    return this.#http.list('/Endpoints', query);
  }
}

class Sessions {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  list(query: PageQuery = {}): List<LiveSession> {
    return this.#http.list('/Sessions', query);
  }
}

class Conferences {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Makes a conference that belongs to no session. */
  async create(options: Omit<ConferenceCreate, 'op_id'> = {}): Promise<ConferenceSnapshot> {
    return (await this.#http.send<ConferenceSnapshot>('/Conferences', { method: 'POST', body: options })).body;
  }

  /** With its participants. */
  async get(id: string): Promise<ConferenceSnapshot> {
    return (await this.#http.send<ConferenceSnapshot>(`/Conferences/${part(id)}`)).body;
  }

  /** Conferences that live, newest first. */
  list(query: PageQuery & { name?: string; status?: 'waiting' | 'active' } = {}): List<ConferenceSnapshot> {
    return this.#http.list('/Conferences', query);
  }

  async end(id: string): Promise<void> {
    await this.#http.send(`/Conferences/${part(id)}`, { method: 'DELETE', extraMs: DEFAULT_WAIT_S * 1000 });
  }

  /** Acts on it: conference.update, conference.update_participant, conference.play, conference.end. */
  async run<M extends ConferenceMethod>(
    id: string,
    method: M,
    params: Omit<MethodParams[M], 'conference_id'>,
    options: RunOptions = {},
  ): Promise<OperationView> {
    return this.#http.operate(`/Conferences/${part(id)}/Operations`, method, params, options);
  }

  async operation(id: string, opId: string): Promise<OperationView> {
    return (await this.#http.send<OperationView>(`/Conferences/${part(id)}/Operations/${part(opId)}`)).body;
  }

  /** Ends an operation, for example a play, and keeps its result so far. */
  async stop(id: string, opId: string): Promise<OperationControl> {
    const path = `/Conferences/${part(id)}/Operations/${part(opId)}/stop`;
    return (await this.#http.send<OperationControl>(path, { method: 'POST', body: {} })).body;
  }
}

/** @internal */
export class Http {
  readonly #root: string;
  readonly #base: string;
  readonly #apiKey: string;
  readonly #timeoutMs: number;
  readonly #fetch: typeof fetch;

  constructor(options: TandemClientOptions) {
    this.#root = `${options.baseUrl.replace(/\/+$/, '')}/v1/Accounts`;
    this.#base = `${this.#root}/${part(options.accountId)}`;
    this.#apiKey = options.apiKey;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#fetch = options.fetch ?? globalThis.fetch;
  }

  async send<T>(path: string, request: Request = {}): Promise<{ status: number; body: T; etag: string }> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.set(name, String(value));
    const search = query.toString();
    const url = (request.root === true ? this.#root : this.#base) + path + (search === '' ? '' : `?${search}`);
    const controller = new AbortController();
    const abort = (): void => controller.abort(request.signal?.reason);
    const timer = setTimeout(
      () => controller.abort(new Error('no answer in time')),
      this.#timeoutMs + (request.extraMs ?? 0),
    );
    if (request.signal?.aborted === true) abort();
    request.signal?.addEventListener('abort', abort, { once: true });
    try {
      const response = await this.#fetch(url, {
        method: request.method ?? 'GET',
        headers: {
          Authorization: `Bearer ${this.#apiKey}`,
          Accept: 'application/json, application/problem+json',
          ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
          ...request.headers,
        },
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
        redirect: 'error',
        signal: controller.signal,
      });
      const text = await response.text();
      if (!response.ok) throw problem(response.status, text);
      return {
        status: response.status,
        body: parse(response.status, text) as T,
        etag: response.headers.get('ETag') ?? '',
      };
    } catch (error) {
      if (error instanceof RestError) throw error;
      if (request.signal?.aborted === true) throw request.signal.reason;
      throw new RestError(`${url}: ${reasonOf(error)}`, 0, { code: 'unreachable', retry: 'later' });
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    }
  }

  async operate(path: string, method: string, params: object, options: RunOptions): Promise<OperationView> {
    const seconds = options.waitSeconds ?? DEFAULT_WAIT_S;
    const { body } = await this.send<OperationView>(path, {
      method: 'POST',
      headers: { Prefer: seconds === 0 ? 'respond-async' : `wait=${seconds}` },
      body: { method, params },
      extraMs: seconds * 1000,
      signal: options.signal,
    });
    return body;
  }

  list<T>(path: string, query: PageQuery, root = false): List<T> {
    const page = async (cursor: string | undefined): Promise<Page<T>> => {
      const { body } = await this.send<Page<T>>(path, { query: { ...query, cursor }, root });
      return { items: body.items, next_cursor: body.next_cursor ?? null };
    };
    async function* all(): AsyncGenerator<T> {
      let cursor = query.cursor;
      for (;;) {
        const { items, next_cursor } = await page(cursor);
        yield* items;
        if (next_cursor === null) return;
        cursor = next_cursor;
      }
    }
    return {
      then: (onFulfilled, onRejected) => page(query.cursor).then(onFulfilled, onRejected),
      [Symbol.asyncIterator]: all,
    };
  }
}

/** @internal */
export function part(id: string): string {
  return encodeURIComponent(id);
}

function operationPath(callId: string, opId: string): string {
  return `/Calls/${part(callId)}/Operations/${part(opId)}`;
}

function parse(status: number, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new RestError('the server answered something that is not JSON', status, { code: 'internal', retry: 'later' });
  }
}

/** @internal The error of a problem+json answer; of anything else (a proxy's page, say) what the status tells. */
export function problem(status: number, text: string): RestError {
  let data: Partial<ErrorData> & { detail?: string; title?: string } = {};
  try {
    data = (JSON.parse(text) as typeof data | null) ?? {};
  } catch {
    // Not from the server itself.
  }
  const code = data.code ?? (status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : status === 404 ? 'not_found' : 'internal');
  const retry = data.retry ?? (status >= 500 || status === 408 || status === 429 ? 'later' : 'fix');
  return new RestError(data.detail ?? data.title ?? `HTTP ${status}`, status, { ...data, code, retry });
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause;
  const message = error instanceof Error ? error.message : String(error);
  return cause instanceof Error ? `${message} (${cause.message || (cause as { code?: string }).code})` : message;
}
