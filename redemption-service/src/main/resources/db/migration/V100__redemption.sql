-- Guessing of short codes, one row a key: a user's id, or the pseudonym of a name that nobody has. Places are attempts under way;
-- failures are those of the last minutes; wrong counts what was tried against pass_id, the user's present pass.
CREATE TABLE guessing (
    key        text          PRIMARY KEY,
    known      boolean       NOT NULL,
    pass_id    text,
    wrong      int           NOT NULL,
    places     timestamptz[] NOT NULL,
    failures   timestamptz[] NOT NULL,
    touched_at timestamptz   NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX guessing_touched_at ON guessing (known, touched_at);

-- What of these instants is not over.
CREATE FUNCTION tap_since(instants timestamptz[], since timestamptz) RETURNS timestamptz[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ARRAY(SELECT i FROM unnest(instants) i WHERE i > since);

-- These instants with one fewer of that value; as they are if it is not among them.
CREATE FUNCTION tap_without_one(instants timestamptz[], gone timestamptz) RETURNS timestamptz[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN array_position(instants, gone) IS NULL THEN instants
         ELSE instants[:array_position(instants, gone) - 1] || instants[array_position(instants, gone) + 1:] END;

-- What the sweeper looks for: allowances that no event has ended yet, by their end. A read model of the log.
CREATE TABLE open_allowance (
    pass_id text        PRIMARY KEY,
    ends_at timestamptz NOT NULL
);
CREATE INDEX open_allowance_ends_at ON open_allowance (ends_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON guessing, open_allowance TO ${service_role};
