-- Requests to issue that bring an Idempotency-Key: the pass that they are to issue, or have issued. The key itself is not kept.
CREATE TABLE issue_request (
    -- an opaque id, as in events
    caller       text        NOT NULL,
    user_id      uuid        NOT NULL,
    key_hash     bytea       NOT NULL,
    content_hash bytea       NOT NULL,
    pass_id      uuid        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (caller, user_id, key_hash)
);
CREATE INDEX issue_request_created_at ON issue_request (created_at);

-- Keeps a pass id for a request, in the statement that loads what is decided on: whoever repeats the request is given the same id, so
-- that of all repetitions one can issue it, and the others find it issued. After 24 hours a key is forgotten. What was refused has issued
-- nothing, and may be repeated with other content.
CREATE FUNCTION tap_issue_request(wanted_caller text, wanted_user uuid, wanted_key bytea, wanted_content bytea, wanted_pass uuid,
    OUT kept_pass uuid, OUT same_content boolean, OUT issued text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    kept_content bytea;
    is_new       boolean;
BEGIN
    IF wanted_user IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM issue_request r WHERE r.caller = wanted_caller AND r.user_id = wanted_user AND r.key_hash = wanted_key
        AND r.created_at <= tap_now() - interval '24 hours';
    INSERT INTO issue_request AS r (caller, user_id, key_hash, content_hash, pass_id, created_at)
        VALUES (wanted_caller, wanted_user, wanted_key, wanted_content, wanted_pass, tap_now())
        ON CONFLICT (caller, user_id, key_hash) DO UPDATE SET created_at = r.created_at
        RETURNING r.pass_id, r.content_hash, r.xmax = 0 INTO kept_pass, kept_content, is_new;
    same_content := true;
    IF NOT is_new THEN
        SELECT e.payload::text INTO issued FROM event e
            WHERE e.stream_id = wanted_user::text AND e.type = 'pass-issued.v1' AND e.payload ->> 'passId' = kept_pass::text
            ORDER BY e.version DESC LIMIT 1;
        IF kept_content <> wanted_content THEN
            IF issued IS NULL THEN
                UPDATE issue_request r SET content_hash = wanted_content
                    WHERE r.caller = wanted_caller AND r.user_id = wanted_user AND r.key_hash = wanted_key;
            ELSE
                same_content := false;
            END IF;
        END IF;
    END IF;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON issue_request TO ${service_role};
