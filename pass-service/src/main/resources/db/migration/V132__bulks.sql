-- Requests to issue many passes, by their Idempotency-Key: a stream that broke off is asked for again. What was issued under the key is in
-- issue_request, a row a user; the key itself is not kept. After 24 hours a key is forgotten.
CREATE TABLE bulk_request (
    -- an opaque id, as in events
    caller       text        NOT NULL,
    key_hash     bytea       NOT NULL,
    content_hash bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- of a group: who was a member when the request came first, in the order of their ids; null where the request lists its users
    members      uuid[],
    PRIMARY KEY (caller, key_hash)
);
CREATE INDEX bulk_request_created_at ON bulk_request (created_at);

-- Whose bulk is running, and until when at the latest: the pod that serves it says again and again that it does.
CREATE TABLE bulk_turn (
    caller text        PRIMARY KEY,
    run    uuid        NOT NULL,
    until  timestamptz NOT NULL
);

-- The users in a group, nested groups counted, as tap_groups counts them from the user's side; in the order of their ids.
CREATE FUNCTION tap_members(wanted_group uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE inside(id) AS (
        SELECT wanted_group
        UNION
        SELECT g.id FROM inside JOIN group_copy g ON inside.id = ANY (g.parent_group_ids))
    SELECT u.id FROM user_copy u WHERE u.group_ids && (SELECT array_agg(id) FROM inside) ORDER BY u.id
$$;

-- Takes the caller's turn and the list of members, or says why not: callerUnknown, running (wait: seconds), otherRequest, groupUnknown,
-- tooMany (size: how many). What is refused has not used its key.
CREATE FUNCTION tap_begin_bulk(wanted_caller text, caller_known boolean, wanted_key bytea, wanted_content bytea, wanted_run uuid,
    wanted_group uuid, most int, OUT refused text, OUT wait double precision, OUT size int, OUT members uuid[])
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    kept bulk_request;
BEGIN
    IF NOT caller_known THEN
        refused := 'callerUnknown';
        RETURN;
    END IF;
    INSERT INTO bulk_turn AS t (caller, run, until) VALUES (wanted_caller, wanted_run, tap_now() + interval '15 seconds')
        ON CONFLICT (caller) DO UPDATE SET run = excluded.run, until = excluded.until WHERE t.until <= tap_now();
    IF NOT FOUND THEN
        refused := 'running';
        SELECT extract(epoch FROM t.until - tap_now()) INTO wait FROM bulk_turn t WHERE t.caller = wanted_caller;
        RETURN;
    END IF;
    DELETE FROM bulk_request r WHERE r.caller = wanted_caller AND r.key_hash = wanted_key
        AND r.created_at <= tap_now() - interval '24 hours';
    SELECT * INTO kept FROM bulk_request r WHERE r.caller = wanted_caller AND r.key_hash = wanted_key;
    IF FOUND THEN
        members := kept.members;
        IF kept.content_hash <> wanted_content THEN
            refused := 'otherRequest';
        END IF;
    ELSE
        IF wanted_group IS NOT NULL THEN
            SELECT coalesce(array_agg(m), '{}') INTO members FROM tap_members(wanted_group) m;
            size := cardinality(members);
            IF NOT EXISTS (SELECT FROM group_copy WHERE id = wanted_group) THEN
                refused := 'groupUnknown';
            ELSIF size > most THEN
                refused := 'tooMany';
            END IF;
        END IF;
        IF refused IS NULL THEN
            INSERT INTO bulk_request (caller, key_hash, content_hash, created_at, members)
                VALUES (wanted_caller, wanted_key, wanted_content, tap_now(), members);
        END IF;
    END IF;
    IF refused IS NOT NULL THEN
        members := NULL;
        DELETE FROM bulk_turn WHERE caller = wanted_caller AND run = wanted_run;
    END IF;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_request, bulk_turn TO ${service_role};
