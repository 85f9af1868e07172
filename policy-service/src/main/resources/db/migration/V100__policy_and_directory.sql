-- Names: personal data, nowhere else in this database, in no event and in no log. One row a user, gone with the user.
CREATE TABLE person (
    user_id          uuid        PRIMARY KEY,
    user_name        text        NOT NULL,
    -- case-folded in NFKC: what user names are compared by
    folded_user_name text        NOT NULL CONSTRAINT person_user_name_taken UNIQUE,
    external_id      text,
    display_name     text,
    -- the provisioning side's own word for what we know as the user's kind
    user_type        text,
    created_at       timestamptz NOT NULL,
    changed_at       timestamptz NOT NULL
);
CREATE INDEX person_external_id ON person (external_id) WHERE external_id IS NOT NULL;

-- What holds: the head of the policy's stream, or an empty row as long as nobody configured anything.
CREATE VIEW policy_details AS
SELECT s.stream_id, coalesce(head.version, 0) AS revision, (head.state -> 'settings')::text AS settings
  FROM (VALUES ('temporary-access-pass-policy')) s(stream_id)
  LEFT JOIN head USING (stream_id);

-- A user with names and with what the user's stream says.
CREATE VIEW user_details AS
SELECT p.user_id, p.user_name, p.folded_user_name, p.external_id, p.display_name, p.user_type, p.created_at, p.changed_at,
       head.version AS revision, (head.state -> 'profile')::text AS profile
  FROM person p
  JOIN head ON head.stream_id = p.user_id::text;

GRANT SELECT, INSERT, UPDATE, DELETE ON person TO ${service_role};
GRANT SELECT ON policy_details, user_details TO ${service_role};
