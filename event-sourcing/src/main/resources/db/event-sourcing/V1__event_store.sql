-- The clock of every decision. Only the migration role may replace it: that is how the fault kit skews or steps time.
CREATE FUNCTION tap_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT clock_timestamp()';

-- The log: append-only, the truth. `payload` is the published message, byte for byte, hence json and never jsonb.
CREATE TABLE event (
    stream_id      text        NOT NULL,
    version        bigint      NOT NULL CHECK (version > 0),
    seq            bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
    xid            xid8        NOT NULL DEFAULT pg_current_xact_id(),
    event_id       uuid        NOT NULL,
    type           text        NOT NULL,
    partition_key  text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    actor          text        NOT NULL,
    correlation_id text        NOT NULL,
    causation_id   text,
    payload        json        NOT NULL,
    sealed         bytea,
    PRIMARY KEY (stream_id, version)
);
CREATE UNIQUE INDEX event_seq ON event (seq);
CREATE INDEX event_xid ON event (xid);

-- The fold of each stream, moved together with the append: deciding costs one row, however long the stream.
CREATE TABLE head (
    stream_id     text    PRIMARY KEY,
    version       bigint  NOT NULL,
    partition_key text    NOT NULL,
    ended         boolean NOT NULL,
    state         jsonb   NOT NULL,
    state_version int     NOT NULL,
    sealed        bytea,
    -- occurred_at of the newest event: no decision is made at an earlier instant, whatever the clock says
    last_event_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX head_open ON head (partition_key) WHERE NOT ended;

-- The relay: who publishes, and how far. The cursor is (previous snapshot, target snapshot, last seq in the target's window).
CREATE TABLE relay_lease (
    one    boolean     PRIMARY KEY DEFAULT true CHECK (one),
    epoch  bigint      NOT NULL,
    holder text        NOT NULL,
    until  timestamptz NOT NULL
);
CREATE TABLE relay_cursor (
    one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
    epoch    bigint      NOT NULL,
    previous pg_snapshot NOT NULL,
    target   pg_snapshot,
    last_seq bigint,
    -- "topic/partition" -> the end offset that publishing has reached
    ends     jsonb       NOT NULL
);
INSERT INTO relay_lease (epoch, holder, until) VALUES (0, 'nobody', '-infinity');
INSERT INTO relay_cursor (epoch, previous, ends) VALUES (0, '1:1:', '{}');

-- Read models that follow the log, each with its own cursor of the same kind.
CREATE TABLE projection_cursor (
    projection text        PRIMARY KEY,
    previous   pg_snapshot NOT NULL,
    target     pg_snapshot,
    last_seq   bigint
);

-- Followers of other services' topics: the offset moves in the transaction of its effect.
CREATE TABLE follower_offset (
    topic       text   NOT NULL,
    topic_id    text   NOT NULL,
    partition   int    NOT NULL,
    next_offset bigint NOT NULL,
    -- how often a parked message of the partition was replayed: who looked before that must look again
    replays     bigint NOT NULL DEFAULT 0,
    -- whether the copy was once complete: with Kafka away, a pod that starts on it is ready all the same
    caught_up   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (topic, partition)
);
CREATE TABLE received (
    source      text        NOT NULL,
    stream_id   text        NOT NULL,
    version     bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT tap_now(),
    payload     json        NOT NULL,
    PRIMARY KEY (source, stream_id, version)
);
-- What could not be applied, and every later message of that stream, until an operator replays it.
CREATE TABLE parked (
    source        text        NOT NULL,
    stream_id     text        NOT NULL,
    version       bigint      NOT NULL,
    event_id      uuid        NOT NULL,
    partition_key text        NOT NULL,
    -- null if the record could not be read as an event
    type          text,
    topic         text        NOT NULL,
    partition     int         NOT NULL,
    "offset"      bigint      NOT NULL,
    reason        text        NOT NULL,
    parked_at     timestamptz NOT NULL DEFAULT tap_now(),
    PRIMARY KEY (source, stream_id, version, event_id)
);
CREATE INDEX parked_key ON parked (partition_key);

-- What an operator asks to have replayed. A pod of the service takes it up, and writes down what came of it.
CREATE TABLE unpark_request (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- a stream, or the key (the user) whose streams are meant; null for all
    wanted       text,
    requested_at timestamptz NOT NULL DEFAULT tap_now(),
    -- a pod is at it; if it ends before it is done, another begins anew from then on
    taken_until  timestamptz,
    finished_at  timestamptz,
    -- applied: messages; left: of each stream that stays parked, why
    outcome      json
);

-- Names the PostgreSQL run that was last found complete against the own topics; every append requires that it is this run.
CREATE TABLE witness (
    one boolean     PRIMARY KEY DEFAULT true CHECK (one),
    run timestamptz NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table "%" is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An append of several streams moves all heads or none: called when only some would move.
CREATE FUNCTION refuse_partial_append() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'another append moved one of the streams' USING ERRCODE = 'serialization_failure';
END $$;

GRANT SELECT, INSERT ON event TO ${service_role};
GRANT SELECT, INSERT, UPDATE ON head TO ${service_role};
GRANT SELECT, UPDATE ON relay_lease, relay_cursor TO ${service_role};
GRANT SELECT, INSERT, UPDATE ON projection_cursor, follower_offset, witness TO ${service_role};
GRANT SELECT, INSERT ON received TO ${service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON parked TO ${service_role};
GRANT SELECT, UPDATE ON unpark_request TO ${service_role};
