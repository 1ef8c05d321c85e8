-- Revisions, so that two who change one record notice each other, and who changed what. No foreign keys at the log: it
-- outlives what it speaks of.

ALTER TABLE accounts ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE applications ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE numbers ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE domains ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE trunks ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE credentials ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE api_keys ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

CREATE INDEX numbers_by_account ON numbers (account_id, created_ms, id);
DROP INDEX credentials_by_account;
CREATE INDEX credentials_by_account ON credentials (account_id, created_ms, id);

CREATE TABLE audit_log (
  id VARCHAR(64) PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  account_id VARCHAR(64) NOT NULL,
  api_key_id VARCHAR(64) NOT NULL,
  address VARCHAR(128) NOT NULL,
  action VARCHAR(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  record_id VARCHAR(64) NOT NULL,
  fields TEXT NOT NULL
);
CREATE INDEX audit_log_by_account ON audit_log (account_id, at_ms, id);
