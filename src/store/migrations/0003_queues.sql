-- Queues of calls. Lists of URLs are words with blanks between them.

CREATE TABLE queues (
  id VARCHAR(64) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES accounts (id),
  name VARCHAR(64) NOT NULL,
  max_size BIGINT NOT NULL,
  max_wait_ms BIGINT NOT NULL,
  overflow_action VARCHAR(16) NOT NULL,
  overflow_queue VARCHAR(64) NOT NULL,
  wait_urls TEXT NOT NULL,
  ordering VARCHAR(16) NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (account_id, name)
);

ALTER TABLE accounts ADD COLUMN queues_on_first_use BIGINT NOT NULL DEFAULT 1;
