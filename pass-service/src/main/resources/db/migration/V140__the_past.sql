-- What this service knew at an earlier moment: what had been received by then, and what was in force by it. `received` has no types;
-- the members of a payload tell them apart.

-- What a stream of another service had last said by a moment, or null.
CREATE FUNCTION tap_received(of_source text, of_stream text, moment timestamptz) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT payload FROM received WHERE source = of_source AND stream_id = of_stream AND received_at <= moment
             ORDER BY version DESC LIMIT 1);
END $$;

-- tap_groups of a moment; a group that was removed has no parents.
CREATE FUNCTION tap_groups_at(direct json, moment timestamptz) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE member_of(id) AS (
        SELECT json_array_elements_text(direct)
        UNION
        SELECT parent FROM member_of, json_array_elements_text(
            tap_received('policy-service', member_of.id, moment) -> 'parentGroupIds') parent)
    SELECT coalesce(array_agg(id::uuid), '{}') FROM member_of
$$;

-- Whether targets of a policy name a user who is in these groups.
CREATE FUNCTION tap_names(targets json, of_user uuid, groups uuid[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM json_to_recordset(targets) t("targetType" text, id text)
         WHERE CASE "targetType" WHEN 'user' THEN lower(id) = of_user::text
            ELSE id = 'all_users' OR lower(id) = ANY (groups::text[]) END)
$$;

-- user_terms and policy_copy of a moment: always one row. A fence that was lifted since has left no trace. Step by step, because
-- the planner would look up what is used twice twice.
CREATE FUNCTION tap_terms_at(of_user uuid, moment timestamptz)
RETURNS TABLE (revision bigint, enabled boolean, one_time_only boolean, known boolean, active boolean, kind text,
    group_ids uuid[], included boolean, excluded boolean, fenced boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 AS $$
DECLARE
    configured json := tap_received('policy-service', 'temporary-access-pass-policy', moment);
    policy     json := configured -> 'policy';
    person     json := tap_received('policy-service', of_user::text, moment);
BEGIN
    revision := coalesce((configured ->> 'revision')::bigint, 0);
    enabled := coalesce(policy ->> 'state' = 'enabled', false);
    one_time_only := coalesce((policy ->> 'isUsableOnce')::boolean, false);
    known := person -> 'active' IS NOT NULL;
    active := coalesce((person ->> 'active')::boolean, false);
    kind := person ->> 'kind';
    group_ids := tap_groups_at(person -> 'groupIds', moment);
    included := policy IS NULL OR tap_names(policy -> 'includeTargets', of_user, group_ids);
    excluded := policy IS NOT NULL AND tap_names(policy -> 'excludeTargets', of_user, group_ids);
    fenced := EXISTS (SELECT FROM parked k WHERE (k.partition_key = of_user::text OR k.topic = 'tap.policies')
        AND k.parked_at <= moment);
    RETURN NEXT;
END $$;

-- allowance_copy of a moment: always one row.
CREATE FUNCTION tap_allowance_at(of_pass uuid, moment timestamptz)
RETURNS TABLE (admitted boolean, refused boolean, uses int, last_used_at timestamptz, spent boolean, expired boolean,
    locked boolean, withdrawn boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT count(payload ->> 'admittedAt') > 0, count(payload ->> 'refusedAt') > 0,
        coalesce(max((payload ->> 'use')::int), 0), max((payload ->> 'redeemedAt')::timestamptz),
        count(payload ->> 'spentAt') > 0, count(payload ->> 'expiredAt') > 0,
        count(payload ->> 'lockedAt') > 0, count(payload ->> 'withdrawnAt') > 0
     FROM received WHERE source = 'redemption-service' AND stream_id = of_pass::text AND received_at <= moment
$$;
