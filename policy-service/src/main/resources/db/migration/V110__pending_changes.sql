-- Events that not every follower is known to have passed, one row for each place (topic/partition) that an event goes to. A read
-- model of the log; rows that were passed are cleared away at each look.
CREATE TABLE pending_change (
    event_id  uuid        NOT NULL,
    place     text        NOT NULL,
    kind      text        NOT NULL CHECK (kind IN ('policyChange', 'userChange')),
    stream_id text        NOT NULL,
    seq       bigint      NOT NULL,
    xid       xid8        NOT NULL,
    since     timestamptz NOT NULL,
    -- what followers have to reach: the end of the place when the event was first seen behind the relay's cursor
    ends_at   bigint,
    PRIMARY KEY (event_id, place)
);
CREATE INDEX pending_change_reached ON pending_change (place, ends_at);
CREATE INDEX pending_change_unpublished ON pending_change (seq) WHERE ends_at IS NULL;

CREATE VIEW pending_changes AS
SELECT event_id, kind, stream_id, min(since) AS since FROM pending_change GROUP BY event_id, kind, stream_id;

GRANT SELECT, INSERT, UPDATE, DELETE ON pending_change TO ${service_role};
GRANT SELECT ON pending_changes TO ${service_role};
