-- Names of groups: not personal data, yet in no event, because decisions need none. One row a group, gone with the group.
CREATE TABLE directory_group (
    group_id            uuid        PRIMARY KEY,
    display_name        text        NOT NULL,
    -- case-folded in NFKC: what names are compared by
    folded_display_name text        NOT NULL,
    external_id         text,
    created_at          timestamptz NOT NULL,
    changed_at          timestamptz NOT NULL
);
CREATE INDEX directory_group_name ON directory_group (folded_display_name);
CREATE INDEX directory_group_external_id ON directory_group (external_id) WHERE external_id IS NOT NULL;

-- Who is in a group is in the heads of its members, and nowhere else. Without the list of pending entries, which every look would
-- have to read through.
CREATE INDEX head_group_ids ON head USING gin ((state -> 'groupIds')) WITH (fastupdate = off);
CREATE INDEX head_parent_group_ids ON head USING gin ((state -> 'parentGroupIds')) WITH (fastupdate = off);

-- Held by whoever nests groups: two nestings, each without a cycle, can make one together.
CREATE TABLE nesting (one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO nesting DEFAULT VALUES;

-- The direct members of a group, as SCIM shows them, or null if they are more than one answer can hold.
CREATE FUNCTION tap_group_members(wanted uuid, most int) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) > most THEN NULL ELSE coalesce(json_agg(m ORDER BY m.value), '[]')::text END
      FROM (SELECT h.stream_id AS value, 'User' AS type, p.user_name AS display
              FROM head h LEFT JOIN person p ON p.user_id = h.stream_id::uuid
             WHERE h.state -> 'groupIds' ? wanted::text AND NOT h.ended
            UNION ALL
            SELECT h.stream_id, 'Group', g.display_name
              FROM head h LEFT JOIN directory_group g ON g.group_id = h.stream_id::uuid
             WHERE h.state -> 'parentGroupIds' ? wanted::text AND NOT h.ended
            LIMIT most + 1) m
$$;

CREATE VIEW group_with_members AS
SELECT g.*, tap_group_members(g.group_id, 10000) AS members FROM directory_group g;

-- By member: the groups that a user or group is a direct member of.
CREATE VIEW group_member AS
SELECT m.stream_id AS member_id, e.group_id::uuid AS group_id
  FROM head m, jsonb_array_elements_text(coalesce(m.state -> 'groupIds', m.state -> 'parentGroupIds')) e(group_id)
 WHERE NOT m.ended;

CREATE OR REPLACE VIEW user_details AS
SELECT p.user_id, p.user_name, p.folded_user_name, p.external_id, p.display_name, p.user_type, p.created_at, p.changed_at,
       head.version AS revision, (head.state -> 'profile')::text AS profile,
       (SELECT coalesce(json_agg(json_build_object('value', g.group_id, 'display', g.display_name) ORDER BY g.group_id), '[]')::text
          FROM jsonb_array_elements_text(head.state -> 'groupIds') e(id)
          JOIN directory_group g ON g.group_id = e.id::uuid) AS groups
  FROM person p
  JOIN head ON head.stream_id = p.user_id::text;

ALTER TABLE pending_change DROP CONSTRAINT pending_change_kind_check;
ALTER TABLE pending_change ADD CHECK (kind IN ('policyChange', 'userChange', 'groupChange'));

GRANT SELECT, INSERT, UPDATE, DELETE ON directory_group TO ${service_role};
-- FOR UPDATE asks for the right to update
GRANT SELECT, UPDATE ON nesting TO ${service_role};
GRANT SELECT ON group_with_members, group_member TO ${service_role};
