-- What has arrived here of each pass's allowance, from tap.redemptions. Facts only, each set once.
CREATE TABLE allowance_copy (
    pass_id      uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    admitted_at  timestamptz,
    refused_at   timestamptz,
    uses         int  NOT NULL DEFAULT 0,
    last_used_at timestamptz,
    spent_at     timestamptz,
    expired_at   timestamptz,
    locked_at    timestamptz,
    withdrawn_at timestamptz
);

-- One row a user of the directory: the pass that is there, if any, and all that its usability hangs on, with the clock to judge
-- it by. Read from the head, so that a client sees its own writes. `allowed` fails closed: fenced means that it may be out of date.
CREATE VIEW pass_details AS
SELECT u.id AS user_id,
    u.administrator_roles <> '{}' AS administrator,
    p.enabled AND u.targeted AND u.active AND u.kind <> 'externalGuest' AND NOT u.fenced
        AND NOT EXISTS (SELECT FROM parked k WHERE k.partition_key = u.id::text) AS allowed,
    p.is_usable_once AS one_time_only,
    (h.state -> 'pass' ->> 'passId')::uuid AS pass_id,
    (h.state -> 'pass' ->> 'createdAt')::timestamptz AS created_at,
    (h.state -> 'pass' ->> 'startsAt')::timestamptz AS starts_at,
    (h.state -> 'pass' ->> 'endsAt')::timestamptz AS ends_at,
    (h.state -> 'pass' ->> 'isUsableOnce')::boolean AS is_usable_once,
    (h.state -> 'pass' ->> 'maximumUses')::int AS maximum_uses,
    coalesce(h.state ->> 'is' = 'Revoked', false) AS revoked,
    a.admitted_at IS NOT NULL AS admitted,
    a.refused_at IS NOT NULL AS refused,
    coalesce(a.uses, 0) AS uses,
    a.last_used_at,
    a.spent_at IS NOT NULL AS spent,
    a.expired_at IS NOT NULL AS expired,
    a.locked_at IS NOT NULL AS locked,
    a.withdrawn_at IS NOT NULL AS withdrawn,
    greatest(tap_now(), h.last_event_at) AS now
FROM user_terms u
    CROSS JOIN policy_copy p
    LEFT JOIN head h ON h.stream_id = u.id::text
    LEFT JOIN allowance_copy a ON a.pass_id = (h.state -> 'pass' ->> 'passId')::uuid;

GRANT SELECT, INSERT, UPDATE ON allowance_copy TO ${service_role};
GRANT SELECT ON pass_details TO ${service_role};
