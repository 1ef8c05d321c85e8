-- The first schema. Portable SQL: SQLite and PostgreSQL both take it as it stands. One statement ends where a line
-- ends with a semicolon. Times are milliseconds of the Unix epoch.

CREATE TABLE store_state (
  id BIGINT PRIMARY KEY,
  rules_version BIGINT NOT NULL
);
INSERT INTO store_state (id, rules_version) VALUES (1, 1);

CREATE TABLE accounts (
  id VARCHAR(64) PRIMARY KEY,
  name VARCHAR(800) NOT NULL UNIQUE,
  webhook_secret VARCHAR(256) NOT NULL,
  orphan_max_duration_ms BIGINT NOT NULL,
  max_call_duration_ms BIGINT NOT NULL,
  max_concurrent_calls BIGINT NOT NULL,
  max_calls_per_second DOUBLE PRECISION NOT NULL,
  created_ms BIGINT NOT NULL
);

-- UNIQUE (account_id, id) is what the rules' foreign keys point at: an application of another account cannot be named.
CREATE TABLE applications (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  name VARCHAR(800) NOT NULL,
  url VARCHAR(2048) NOT NULL,
  fallback_url VARCHAR(2048) NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (account_id, name),
  UNIQUE (account_id, id)
);

-- did_digits and ani_key are what the router compares, so that "+1 555 0199" and "15550199" are one number.
CREATE TABLE numbers (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  application_id VARCHAR(64) NOT NULL,
  did VARCHAR(128) NOT NULL,
  is_prefix BIGINT NOT NULL,
  ani VARCHAR(128) NOT NULL,
  did_digits VARCHAR(32) NOT NULL,
  ani_key VARCHAR(33) NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (did_digits, is_prefix, ani_key, account_id),
  FOREIGN KEY (account_id, application_id) REFERENCES applications (account_id, id)
);
CREATE INDEX numbers_by_application ON numbers (account_id, application_id);

CREATE TABLE domains (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  application_id VARCHAR(64) NOT NULL,
  name VARCHAR(253) NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  FOREIGN KEY (account_id, application_id) REFERENCES applications (account_id, id)
);
CREATE INDEX domains_by_application ON domains (account_id, application_id);

CREATE TABLE trunks (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  application_id VARCHAR(64),
  name VARCHAR(800) NOT NULL,
  addresses TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (account_id, name),
  FOREIGN KEY (account_id, application_id) REFERENCES applications (account_id, id)
);
CREATE INDEX trunks_by_application ON trunks (account_id, application_id);

-- No foreign keys: the history outlives what it speaks of.
CREATE TABLE cdrs (
  id VARCHAR(64) PRIMARY KEY,
  call_id VARCHAR(64) NOT NULL,
  account_id VARCHAR(64) NOT NULL,
  application_id VARCHAR(64) NOT NULL,
  session_id VARCHAR(64) NOT NULL,
  parent_call_id VARCHAR(64) NOT NULL,
  direction VARCHAR(16) NOT NULL,
  from_user TEXT NOT NULL,
  to_user TEXT NOT NULL,
  sip_call_id TEXT NOT NULL,
  source VARCHAR(128) NOT NULL,
  transport VARCHAR(16) NOT NULL,
  started_ms BIGINT NOT NULL,
  ringing_ms BIGINT,
  answered_ms BIGINT,
  ended_ms BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  billable_ms BIGINT NOT NULL,
  end_reason VARCHAR(32) NOT NULL,
  end_party VARCHAR(16) NOT NULL,
  sip_code BIGINT NOT NULL,
  q850_cause BIGINT NOT NULL,
  verdict_class VARCHAR(24) NOT NULL,
  retryable BIGINT NOT NULL,
  detail TEXT NOT NULL,
  codec VARCHAR(32) NOT NULL,
  packets_received BIGINT NOT NULL,
  packets_sent BIGINT NOT NULL,
  packets_lost BIGINT NOT NULL,
  packets_discarded BIGINT NOT NULL,
  loss_percent DOUBLE PRECISION NOT NULL,
  jitter_ms DOUBLE PRECISION NOT NULL,
  remote_loss_percent DOUBLE PRECISION NOT NULL,
  round_trip_ms DOUBLE PRECISION NOT NULL,
  mos DOUBLE PRECISION NOT NULL,
  tag_json TEXT NOT NULL
);
CREATE INDEX cdrs_by_time ON cdrs (started_ms);
CREATE INDEX cdrs_by_account ON cdrs (account_id, started_ms);
