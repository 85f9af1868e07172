-- What this service knows of the policy: one row, the newest revision. Revision 0 is the policy that nobody has configured.
CREATE TABLE policy_copy (
    one                         boolean PRIMARY KEY DEFAULT true CHECK (one),
    revision                    bigint  NOT NULL,
    enabled                     boolean NOT NULL,
    default_lifetime_in_minutes int     NOT NULL,
    minimum_lifetime_in_minutes int     NOT NULL,
    maximum_lifetime_in_minutes int     NOT NULL,
    default_length              int     NOT NULL,
    is_usable_once              boolean NOT NULL,
    includes_all_users          boolean NOT NULL,
    included_users              uuid[]  NOT NULL,
    included_groups             uuid[]  NOT NULL,
    excludes_all_users          boolean NOT NULL,
    excluded_users              uuid[]  NOT NULL,
    excluded_groups             uuid[]  NOT NULL
);
INSERT INTO policy_copy (revision, enabled, default_lifetime_in_minutes, minimum_lifetime_in_minutes,
    maximum_lifetime_in_minutes, default_length, is_usable_once, includes_all_users, included_users, included_groups,
    excludes_all_users, excluded_users, excluded_groups)
VALUES (0, false, 60, 60, 480, 8, false, true, '{}', '{}', false, '{}', '{}');

-- The directory, ids only. A removed user or group has no row.
CREATE TABLE user_copy (
    id                  uuid    PRIMARY KEY,
    active              boolean NOT NULL,
    kind                text    NOT NULL,
    administrator_roles text[]  NOT NULL,
    group_ids           uuid[]  NOT NULL
);
CREATE TABLE group_copy (
    id               uuid   PRIMARY KEY,
    parent_group_ids uuid[] NOT NULL
);

-- Names, personal data: the key of a name is what names are compared by, made in Java. While a name moves from one user to
-- another two rows may have the same key, hence no unique index.
CREATE TABLE directory_name (
    user_id     uuid PRIMARY KEY,
    name_key    text NOT NULL,
    external_id text
);
CREATE INDEX directory_name_key ON directory_name (name_key);
CREATE INDEX directory_name_external_id ON directory_name (external_id) WHERE external_id IS NOT NULL;

-- The user whom a key names: an id, else a user name. Null if nobody, or if more than one has the name.
CREATE FUNCTION tap_user_id(wanted_id uuid, wanted_name_key text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found_id uuid;
BEGIN
    SELECT id INTO found_id FROM user_copy WHERE id = wanted_id;
    IF found_id IS NULL THEN
        SELECT (array_agg(user_id))[1] INTO found_id FROM directory_name WHERE name_key = wanted_name_key
            HAVING count(*) = 1;
    END IF;
    RETURN found_id;
END $$;

-- The user whom a token names: an id, else an external id, else a user name. Null if nobody, or not exactly one.
CREATE FUNCTION tap_caller_id(wanted_id uuid, wanted_external_id text, wanted_name_key text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found_id uuid;
    others   bigint;
BEGIN
    SELECT id INTO found_id FROM user_copy WHERE id = wanted_id;
    IF found_id IS NULL THEN
        SELECT (array_agg(user_id))[1], count(*) INTO found_id, others FROM directory_name
            WHERE external_id = wanted_external_id;
        IF others = 0 THEN
            RETURN tap_user_id(NULL, wanted_name_key);
        ELSIF others > 1 THEN
            RETURN NULL;
        END IF;
    END IF;
    RETURN found_id;
END $$;

-- The groups that somebody with these direct groups belongs to, nested ones included; a cycle of groups ends where it began.
CREATE FUNCTION tap_groups(direct uuid[]) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE member_of(id) AS (
        SELECT unnest(direct)
        UNION
        SELECT parent FROM member_of JOIN group_copy USING (id), unnest(group_copy.parent_group_ids) parent)
    SELECT coalesce(array_agg(id), '{}') FROM member_of
$$;

-- What a decision about a user's pass needs to know of the user and of the policy, judged now: one row a user. Groups are
-- followed only where the policy names groups. Fenced: a message about this user or the policy could not be applied, so that
-- what is known here may be out of date; nobody decides in the user's favour then.
CREATE VIEW user_terms AS
SELECT u.id, u.active, u.kind, u.administrator_roles,
    (p.includes_all_users OR u.id = ANY (p.included_users)
        OR CASE WHEN p.included_groups <> '{}' THEN p.included_groups && tap_groups(u.group_ids) ELSE false END)
    AND NOT (p.excludes_all_users OR u.id = ANY (p.excluded_users)
        OR CASE WHEN p.excluded_groups <> '{}' THEN p.excluded_groups && tap_groups(u.group_ids) ELSE false END)
        AS targeted,
    EXISTS (SELECT FROM parked k WHERE k.partition_key = u.id::text AND k.topic LIKE 'tap.directory%')
        OR EXISTS (SELECT FROM parked k WHERE k.topic = 'tap.policies') AS fenced
FROM user_copy u CROSS JOIN policy_copy p;

GRANT SELECT, INSERT, UPDATE ON policy_copy TO ${service_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON user_copy, group_copy, directory_name TO ${service_role};
GRANT SELECT ON user_terms TO ${service_role};
