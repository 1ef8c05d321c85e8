-- Calls going out, credentials of endpoints and trunks, API keys. Lists of numbers, prefixes and scopes are words with
-- blanks between them.

ALTER TABLE accounts ADD COLUMN outbound_application_id VARCHAR(64) REFERENCES applications (id);
ALTER TABLE accounts ADD COLUMN max_outbound_calls_per_second DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN intent_queue_size BIGINT NOT NULL DEFAULT 1000;
ALTER TABLE accounts ADD COLUMN intent_expiry_ms BIGINT NOT NULL DEFAULT 60000;
ALTER TABLE accounts ADD COLUMN allowed_prefixes TEXT NOT NULL DEFAULT '';

ALTER TABLE trunks ADD COLUMN realm VARCHAR(253) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN login_username VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN login_password VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN login_realm VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN registers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN registrar_uri VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN address_uri VARCHAR(512) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN contact_user VARCHAR(256) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN register_expires_s BIGINT NOT NULL DEFAULT 600;
ALTER TABLE trunks ADD COLUMN srtp VARCHAR(16) NOT NULL DEFAULT 'never';
ALTER TABLE trunks ADD COLUMN max_calls_per_second DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN max_concurrent_calls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN out_style VARCHAR(16) NOT NULL DEFAULT 'as_is';
ALTER TABLE trunks ADD COLUMN out_country_code VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN out_trunk_prefix VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN out_international_prefix VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN out_strip_digits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN out_add_prefix VARCHAR(32) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN in_style VARCHAR(16) NOT NULL DEFAULT 'as_is';
ALTER TABLE trunks ADD COLUMN in_country_code VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN in_trunk_prefix VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN in_international_prefix VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN in_strip_digits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN in_add_prefix VARCHAR(32) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN prefixes TEXT NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN default_caller_id VARCHAR(128) NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN allowed_caller_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE trunks ADD COLUMN trusted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trunks ADD COLUMN first_response_timeout_ms BIGINT NOT NULL DEFAULT 6000;
ALTER TABLE trunks ADD COLUMN ring_timeout_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX trunks_by_realm ON trunks (realm);

CREATE TABLE trunk_gateways (
  trunk_id VARCHAR(64) NOT NULL REFERENCES trunks (id) ON DELETE CASCADE,
  place BIGINT NOT NULL,
  host VARCHAR(253) NOT NULL,
  port BIGINT NOT NULL,
  transport VARCHAR(8) NOT NULL,
  priority BIGINT NOT NULL,
  weight BIGINT NOT NULL,
  probe BIGINT NOT NULL,
  PRIMARY KEY (trunk_id, place)
);

-- Only what proves a password, never the password.
CREATE TABLE credentials (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  domain_id VARCHAR(64) REFERENCES domains (id),
  trunk_id VARCHAR(64) REFERENCES trunks (id),
  username VARCHAR(256) NOT NULL,
  realm VARCHAR(253) NOT NULL,
  ha1_md5 VARCHAR(32) NOT NULL,
  ha1_sha256 VARCHAR(64) NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (realm, username)
);
CREATE INDEX credentials_by_account ON credentials (account_id);
CREATE INDEX credentials_by_domain ON credentials (domain_id);
CREATE INDEX credentials_by_trunk ON credentials (trunk_id);

CREATE TABLE api_keys (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) REFERENCES accounts (id),
  name VARCHAR(800) NOT NULL,
  secret_hash VARCHAR(64) NOT NULL,
  scopes TEXT NOT NULL,
  expires_ms BIGINT,
  last_used_ms BIGINT,
  revoked_ms BIGINT,
  created_ms BIGINT NOT NULL
);
CREATE INDEX api_keys_by_account ON api_keys (account_id);

ALTER TABLE cdrs ADD COLUMN from_display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE cdrs ADD COLUMN number_id VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE cdrs ADD COLUMN trunk_id VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE cdrs ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE cdrs ADD COLUMN intent_id VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE cdrs ADD COLUMN attempt BIGINT NOT NULL DEFAULT 0;
DROP INDEX cdrs_by_account;
CREATE INDEX cdrs_by_account ON cdrs (account_id, started_ms, id);
CREATE INDEX cdrs_by_call ON cdrs (call_id);
CREATE INDEX cdrs_by_session ON cdrs (session_id, started_ms);
