-- What tap-consumer keeps with a consumer's own data. PostgreSQL.
CREATE TABLE IF NOT EXISTS tap_offset (
  topic           text   NOT NULL,
  kafka_partition int    NOT NULL,
  next_offset     bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (topic, kafka_partition)
);
-- every event that took effect: by it duplicates and forks are known, however late they come
CREATE TABLE IF NOT EXISTS tap_received (
  source   text   NOT NULL,
  subject  text   NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  event_id uuid   NOT NULL,
  PRIMARY KEY (source, subject, sequence)
);
-- streams of which nothing more takes effect until they are released; source is empty where a key is held
CREATE TABLE IF NOT EXISTS tap_held (
  topic           text        NOT NULL,
  kafka_partition int         NOT NULL,
  source          text        NOT NULL,
  subject         text        NOT NULL,
  sequence        bigint      NOT NULL,
  first_offset    bigint      NOT NULL,
  reason          text        NOT NULL,
  detail          text        NOT NULL,
  held_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, kafka_partition, source, subject)
);
