-- The places that have not lapsed: an attempt has 30 s.
CREATE FUNCTION tap_places(places timestamptz[], at timestamptz) RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE RETURN tap_since(places, at - interval '30 s');

-- How many have lapsed: attempts that nobody settled, because a pod or the database went away. Each counts as a wrong code.
CREATE FUNCTION tap_lapsed(places timestamptz[], at timestamptz) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE RETURN cardinality(places) - cardinality(tap_places(places, at));

-- The failures of the last 10 minutes; a place becomes one when it lapses.
CREATE FUNCTION tap_failures(failures timestamptz[], places timestamptz[], at timestamptz) RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE RETURN
    tap_since(failures || ARRAY(SELECT p + interval '30 s' FROM unnest(places) p WHERE p <= at - interval '30 s'),
        at - interval '10 min');

-- Why users were refused lately, for administrators: the newest 20 of a user, for 30 days. No name, no code, no address.
CREATE TABLE refusal (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    uuid        NOT NULL,
    at         timestamptz NOT NULL,
    reason     text        NOT NULL,
    pass_id    uuid,
    client_id  text        NOT NULL,
    request_id uuid        NOT NULL
);
CREATE INDEX refusal_of_user ON refusal (user_id, at);
CREATE INDEX refusal_at ON refusal (at);

GRANT SELECT, INSERT, DELETE ON refusal TO ${service_role};
