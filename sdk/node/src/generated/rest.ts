// Generated from protocol/ by tools/gen. Do not edit.

export type RestTrunkGatewayTransport = 'udp' | 'tcp' | 'tls';

export type RestTrunkBodySrtp = 'never' | 'offer' | 'require';

export type RestTrunkNumberFormatStyle = 'as_is' | 'e164_plus' | 'e164_bare' | 'national';

export type RestTrunkSrtp = 'never' | 'offer' | 'require';

export type RestAuditEntryAction = 'created' | 'updated' | 'deleted';

export type RestRouteCandidateOutcome = 'taken' | 'beaten' | 'unfit';

/** A tenant. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestAccountBody {
  /** 1 to 200 characters, unique. */
  name?: string;
  /** Gets the calls that are asked for by REST. */
  outbound_application_id?: string;
  /** Calls at a time; 0: no limit. */
  max_concurrent_calls?: number;
  /** New calls a second; 0: no limit. */
  max_calls_per_second?: number;
  /** Pace of outbound calls; 0: no limit. */
  max_outbound_calls_per_second?: number;
  /** Longest call. */
  max_call_duration_ms?: number;
  /** Longest life of a call without its application. */
  orphan_max_duration_ms?: number;
  /** Outbound calls that may wait. */
  intent_queue_size?: number;
  /** Longest wait of an outbound call. */
  intent_expiry_ms?: number;
  /** Numbers that may be dialled begin so; empty: all. */
  allowed_prefixes?: string[];
  /** Whether a queue that is not provisioned is made when it is used. */
  queues_on_first_use?: boolean;
  /** Signs requests to applications. In an answer only at creation, when it was made up or given. */
  webhook_secret?: string;
}

/** Where calls are answered. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestApplicationBody {
  /** 1 to 200 characters, unique in the account. */
  name?: string;
  /** ws, wss, http or https; empty: its calls go to workers only. */
  url?: string;
  /** Tried when the first fails; may be empty. */
  fallback_url?: string;
}

/** A telephone number, or all that begin alike. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestNumberBody {
  /** Gets the calls. */
  application_id?: string;
  /** Digits with an optional leading +; the number, or the prefix. */
  did?: string;
  /** All numbers that begin with `did`. */
  prefix?: boolean;
  /** Only calls from this number, or from a prefix with a trailing *; empty: any. */
  ani?: string;
}

/** A SIP domain. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestDomainBody {
  /** Gets the calls. */
  application_id?: string;
  /** Such as acme.example. Unique among all accounts; fixed while credentials hold it. */
  name?: string;
}

/** Where calls to a trunk can be sent. */
export interface RestTrunkGateway {
  /** Name or address. */
  host: string;
  /** 0: what DNS says. Default: 0. */
  port?: number;
  /** SIP transport. Default: udp. */
  transport?: RestTrunkGatewayTransport;
  /** The lowest goes first. Default: 0. */
  priority?: number;
  /** Share among equal priorities. Default: 1. */
  weight?: number;
  /** Ask by OPTIONS whether it lives. Default: true. */
  probe?: boolean;
}

/** What challenges of the trunk are answered with. */
export interface RestTrunkLoginBody {
  /** User name. Default: . */
  username?: string;
  /** Never shown. Left out it stays as it is. */
  password?: string;
  /** Only this realm is answered; empty: the first. Default: . */
  realm?: string;
}

/** Outbound registration. */
export interface RestTrunkRegistration {
  /** Whether we register. Default: false. */
  enabled?: boolean;
  /** Such as sip:registrar.example. Default: . */
  registrar_uri?: string;
  /** Address of record; empty: the login's at the registrar. Default: . */
  address_uri?: string;
  /** User of our Contact; empty: the trunk's id. Default: . */
  contact_user?: string;
  /** How long a registration lasts. Default: 600. */
  expires_s?: number;
}

/** How a trunk writes numbers. */
export interface RestTrunkNumberFormat {
  /** How the other side writes numbers. Default: as_is. */
  style?: RestTrunkNumberFormatStyle;
  /** Such as 49. Default: . */
  country_code?: string;
  /** Such as 0. Default: . */
  trunk_prefix?: string;
  /** Such as 00. Default: . */
  international_prefix?: string;
  /** Put in front. Default: . */
  add_prefix?: string;
  /** Leading digits that go. Default: 0. */
  strip_digits?: number;
}

/** A carrier or PBX. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestTrunkBody {
  /** Gets calls that no number takes. */
  application_id?: string;
  /** 1 to 200 characters, unique in the account. */
  name?: string;
  /** Calls from there are the trunk's. */
  addresses?: string[];
  /** Calls log in to it with credentials of the trunk; empty: none. Fixed while there are such credentials. */
  realm?: string;
  /** Where calls go out. */
  gateways?: RestTrunkGateway[];
  /** What challenges of the trunk are answered with. */
  login?: RestTrunkLoginBody;
  /** Outbound registration. */
  registration?: RestTrunkRegistration;
  /** Encrypted media. */
  srtp?: RestTrunkBodySrtp;
  /** Outbound; 0: no limit. */
  max_calls_per_second?: number;
  /** Outbound; 0: no limit. */
  max_concurrent_calls?: number;
  /** How a trunk writes numbers. */
  outbound_format?: RestTrunkNumberFormat;
  /** How a trunk writes numbers. */
  inbound_format?: RestTrunkNumberFormat;
  /** Numbers it is used for; empty: all. */
  prefixes?: string[];
  /** The lowest goes first. */
  priority?: number;
  /** Shown where the call says none. */
  default_caller_id?: string;
  /** Numbers, or prefixes with a trailing *, that may be shown; empty: any. */
  allowed_caller_ids?: string[];
  /** P-Asserted-Identity is sent and believed. */
  trusted?: boolean;
  /** Without any answer the next gateway is tried. */
  first_response_timeout_ms?: number;
  /** Until answered; 0: what the dialling side says. */
  ring_timeout_ms?: number;
}

/** A user name of a SIP endpoint (with `domain_id`) or of a trunk that logs in (with `trunk_id`). The password is kept as hashes only. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestCredentialBody {
  /** Of an endpoint. */
  domain_id?: string;
  /** Of a trunk with a realm. */
  trunk_id?: string;
  /** Unique in the domain or trunk; fixed. */
  username?: string;
  /** 8 to 128 characters. Never shown. */
  password?: string;
}

/** A bearer token for REST and workers; the secret is kept as a hash only. What is left out stays as it is, or gets its default at creation; lists and objects are replaced as a whole. */
export interface RestApiKeyBody {
  /** 1 to 200 characters. */
  name?: string;
  /** What it may do; nobody gives more than he has. */
  scopes?: string[];
  /** Refused so long from now on. */
  expires_in_s?: number;
  /** True: refused from now on, for good. */
  revoked?: boolean;
}

/** A new key like the old one, which expires after a while. */
export interface RestRotateApiKey {
  /** How long the old one is still good. Default: 3600. */
  old_expires_in_s?: number;
}

/** A call that might come in. */
export interface RestExplainRoute {
  /** Called: user part of the request URI. */
  to: string;
  /** Caller: user part of From. Default: . */
  from?: string;
  /** Host of the request URI. Default: . */
  domain?: string;
  /** Address that the call comes from. Default: . */
  source?: string;
  /** The call logged in as this trunk. */
  trunk_id?: string;
}

/** A tenant. */
export interface RestAccount {
  /** Account. */
  id: string;
  /** 1 to 200 characters, unique. */
  name: string;
  /** Gets the calls that are asked for by REST. */
  outbound_application_id?: string;
  /** Calls at a time; 0: no limit. */
  max_concurrent_calls: number;
  /** New calls a second; 0: no limit. */
  max_calls_per_second: number;
  /** Pace of outbound calls; 0: no limit. */
  max_outbound_calls_per_second: number;
  /** Longest call. */
  max_call_duration_ms: number;
  /** Longest life of a call without its application. */
  orphan_max_duration_ms: number;
  /** Outbound calls that may wait. */
  intent_queue_size: number;
  /** Longest wait of an outbound call. */
  intent_expiry_ms: number;
  /** Numbers that may be dialled begin so; empty: all. */
  allowed_prefixes: string[];
  /** Whether a queue that is not provisioned is made when it is used. */
  queues_on_first_use: boolean;
  /** Signs requests to applications. In an answer only at creation, when it was made up or given. */
  webhook_secret?: string;
  /** When it was made. */
  created_at: string;
}

/** Where calls are answered. */
export interface RestApplication {
  /** Application. */
  id: string;
  /** Account. */
  account_id: string;
  /** 1 to 200 characters, unique in the account. */
  name: string;
  /** ws, wss, http or https; empty: its calls go to workers only. */
  url: string;
  /** Tried when the first fails; may be empty. */
  fallback_url: string;
  /** When it was made. */
  created_at: string;
}

/** A telephone number, or all that begin alike. */
export interface RestNumber {
  /** Provisioned phone number. */
  id: string;
  /** Account. */
  account_id: string;
  /** Gets the calls. */
  application_id: string;
  /** Digits with an optional leading +; the number, or the prefix. */
  did: string;
  /** All numbers that begin with `did`. */
  prefix: boolean;
  /** Only calls from this number, or from a prefix with a trailing *; empty: any. */
  ani: string;
  /** When it was made. */
  created_at: string;
}

/** A SIP domain. */
export interface RestDomain {
  /** Provisioned SIP domain. */
  id: string;
  /** Account. */
  account_id: string;
  /** Gets the calls. */
  application_id: string;
  /** Such as acme.example. Unique among all accounts; fixed while credentials hold it. */
  name: string;
  /** When it was made. */
  created_at: string;
}

/** What challenges of the trunk are answered with. */
export interface RestTrunkLogin {
  /** User name. */
  username: string;
  /** Only this realm is answered; empty: the first. */
  realm: string;
}

/** A carrier or PBX. */
export interface RestTrunk {
  /** Provisioned SIP trunk. */
  id: string;
  /** Account. */
  account_id: string;
  /** Gets calls that no number takes. */
  application_id?: string;
  /** 1 to 200 characters, unique in the account. */
  name: string;
  /** Calls from there are the trunk's. */
  addresses: string[];
  /** Calls log in to it with credentials of the trunk; empty: none. Fixed while there are such credentials. */
  realm: string;
  /** Where calls go out. */
  gateways: RestTrunkGateway[];
  /** What challenges of the trunk are answered with. */
  login: RestTrunkLogin;
  /** Outbound registration. */
  registration: RestTrunkRegistration;
  /** Encrypted media. */
  srtp: RestTrunkSrtp;
  /** Outbound; 0: no limit. */
  max_calls_per_second: number;
  /** Outbound; 0: no limit. */
  max_concurrent_calls: number;
  /** How a trunk writes numbers. */
  outbound_format: RestTrunkNumberFormat;
  /** How a trunk writes numbers. */
  inbound_format: RestTrunkNumberFormat;
  /** Numbers it is used for; empty: all. */
  prefixes: string[];
  /** The lowest goes first. */
  priority: number;
  /** Shown where the call says none. */
  default_caller_id: string;
  /** Numbers, or prefixes with a trailing *, that may be shown; empty: any. */
  allowed_caller_ids: string[];
  /** P-Asserted-Identity is sent and believed. */
  trusted: boolean;
  /** Without any answer the next gateway is tried. */
  first_response_timeout_ms: number;
  /** Until answered; 0: what the dialling side says. */
  ring_timeout_ms: number;
  /** When it was made. */
  created_at: string;
}

/** A user name of a SIP endpoint (with `domain_id`) or of a trunk that logs in (with `trunk_id`). The password is kept as hashes only. */
export interface RestCredential {
  /** Provisioned credential. */
  id: string;
  /** Account. */
  account_id: string;
  /** Of an endpoint. */
  domain_id?: string;
  /** Of a trunk with a realm. */
  trunk_id?: string;
  /** Unique in the domain or trunk; fixed. */
  username: string;
  /** That the hashes belong to. */
  realm: string;
  /** When it was made. */
  created_at: string;
}

/** A bearer token for REST and workers; the secret is kept as a hash only. */
export interface RestApiKey {
  /** API key. */
  id: string;
  /** Account. */
  account_id?: string;
  /** 1 to 200 characters. */
  name: string;
  /** What it may do; nobody gives more than he has. */
  scopes: string[];
  /** Refused from then on. */
  expires_at?: string;
  /** To the minute. */
  last_used_at?: string;
  /** Refused since. */
  revoked_at?: string;
  /** The key itself: shown at creation and rotation only. */
  token?: string;
  /** When it was made. */
  created_at: string;
}

/** A change of something provisioned. */
export interface RestAuditEntry {
  /** Its id. */
  id: string;
  /** When. */
  at: string;
  /** The key that it was done with; absent: from the shell. */
  api_key_id?: string;
  /** Address of who did it; empty: from the shell. */
  address: string;
  /** What was done. */
  action: RestAuditEntryAction;
  /** Of what kind it is. */
  kind: string;
  /** What was changed. */
  record_id: string;
  /** Names of what was given, with blanks between; never values. */
  fields: string;
}

/** A rule of the account that was considered. */
export interface RestRouteCandidate {
  /** For people. */
  rule: string;
  /** The number, domain or trunk. */
  record_id: string;
  /** Would get the call. */
  application_id?: string;
  /** What became of it. */
  outcome: RestRouteCandidateOutcome;
  /** For people. */
  why: string;
}

/** Which rule the call would take. */
export interface RestRouteExplanation {
  /** The rule; empty: none of this account's. */
  taken: string;
  /** Gets the call. */
  application_id?: string;
  /** For people. */
  why: string;
  /** In the order in which they are tried. */
  candidates: RestRouteCandidate[];
}
