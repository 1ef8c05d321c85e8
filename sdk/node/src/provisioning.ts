// What is provisioned over REST: accounts, applications, numbers, domains, trunks, credentials, API keys.

import type * as Rest from './generated/rest.js';
import { part, type Http, type List, type PageQuery } from './rest.js';

export interface WriteOptions {
  /** The same key with the same body makes one thing for 24 hours. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface ChangeOptions {
  /** The `etag` of `read`: refused with `precondition_failed` when somebody has changed it since. */
  ifMatch?: string;
  signal?: AbortSignal;
}

export type SortedQuery = PageQuery & { sort?: 'created' | '-created' | 'name' | '-name' };

/** `Needed`: what a creation cannot do without. */
export class Records<T, Body, Needed extends keyof Body, Query extends object> {
  protected readonly http: Http;
  readonly #path: string;
  readonly #root: boolean;

  /** @internal */
  constructor(http: Http, path: string, root = false) {
    this.http = http;
    this.#path = path;
    this.#root = root;
  }

  async create(body: Body & Required<Pick<Body, Needed>>, options: WriteOptions = {}): Promise<T> {
    const { idempotencyKey, signal } = options;
    const headers = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    return (await this.http.send<T>(this.#path, { method: 'POST', root: this.#root, headers, body, signal })).body;
  }

  async get(id: string): Promise<T> {
    return (await this.read(id)).record;
  }

  /** As `get`, with the ETag for `update` and `delete`. */
  async read(id: string): Promise<{ record: T; etag: string }> {
    const { body, etag } = await this.http.send<T>(this.#one(id), { root: this.#root });
    return { record: body, etag };
  }

  list(query: SortedQuery & Query = {} as SortedQuery & Query): List<T> {
    return this.http.list(this.#path, query, this.#root);
  }

  /** Changes what is given; the rest stays. */
  async update(id: string, body: Body, options: ChangeOptions = {}): Promise<T> {
    const request = { method: 'PATCH', root: this.#root, body, signal: options.signal, headers: this.#match(options) };
    return (await this.http.send<T>(this.#one(id), request)).body;
  }

  /** Refused with `in_use` while something refers to it. */
  async delete(id: string, options: ChangeOptions = {}): Promise<void> {
    const request = { method: 'DELETE', root: this.#root, signal: options.signal, headers: this.#match(options) };
    await this.http.send(this.#one(id), request);
  }

  #one(id: string): string {
    return `${this.#path}/${part(id)}`;
  }

  #match(options: ChangeOptions): Record<string, string> {
    return options.ifMatch === undefined ? {} : { 'If-Match': options.ifMatch };
  }
}

export class Accounts extends Records<Rest.RestAccount, Rest.RestAccountBody, 'name', { name?: string }> {
  /** @internal */
  constructor(http: Http) {
    super(http, '', true);
  }
}

export class ApiKeys extends Records<Rest.RestApiKey, Rest.RestApiKeyBody, 'name' | 'scopes', { name?: string }> {
  /** @internal */
  constructor(http: Http) {
    super(http, '/ApiKeys');
  }

  /** A new key like this one, whose `token` is shown only now; the old one expires after a while. */
  async rotate(id: string, body: Rest.RestRotateApiKey = {}): Promise<Rest.RestApiKey> {
    return (await this.http.send<Rest.RestApiKey>(`/ApiKeys/${part(id)}/rotate`, { method: 'POST', body })).body;
  }
}

export class AuditLog {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /** Who changed what, newest first. */
  list(query: PageQuery = {}): List<Rest.RestAuditEntry> {
    return this.#http.list('/AuditLog', query);
  }
}

export class Routes {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /** Which rule a call would take, and why. */
  async explain(call: Rest.RestExplainRoute): Promise<Rest.RestRouteExplanation> {
    return (await this.#http.send<Rest.RestRouteExplanation>('/Routes/Explain', { method: 'POST', body: call })).body;
  }
}
