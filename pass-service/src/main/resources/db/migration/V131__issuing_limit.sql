-- How many passes one administrator may issue in a window: a stolen token must not mint any number of them. The deployment has one limit;
-- the pod that started last states it.
CREATE TABLE issuing_limit (
    one    boolean  PRIMARY KEY DEFAULT true CHECK (one),
    most   bigint   NOT NULL CHECK (most > 0),
    period interval NOT NULL CHECK (period > interval '0')
);
INSERT INTO issuing_limit (most, period) VALUES (10000, interval '1 hour');

-- What each administrator has issued in the present window, which begins with the first pass after the last one's end. Ids are the actors of
-- events. `told`: 0, or 1 and 2 once the log says that it is much, and that the limit is reached.
CREATE TABLE issuing (
    actor  text        PRIMARY KEY,
    since  timestamptz NOT NULL,
    passes bigint      NOT NULL,
    told   int         NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Seconds until the actor may issue again; null: at once. For the statement that loads, so that no work is spent on what will be refused.
CREATE FUNCTION tap_issuing_wait(wanted_actor text) RETURNS double precision LANGUAGE sql STABLE AS $$
    SELECT extract(epoch FROM i.since + l.period - tap_now())::double precision FROM issuing i CROSS JOIN issuing_limit l
     WHERE i.actor = wanted_actor AND i.passes >= l.most AND tap_now() < i.since + l.period
$$;

-- Counts in the statement that appends, after all its other work, so that the row is locked for the commit alone: what is appended is
-- counted, what is not is not, whatever pod it is. Events that a restore brings back are of an earlier time, and not counted.
CREATE FUNCTION tap_count_issued() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    n record;
    l issuing_limit;
    i issuing;
BEGIN
    FOR n IN SELECT a.actor, count(*) AS passes FROM appended a
              WHERE a.type LIKE 'pass-issued.v%' AND a.occurred_at > tap_now() - interval '10 seconds'
              GROUP BY a.actor ORDER BY a.actor LOOP
        SELECT * INTO l FROM issuing_limit;
        -- a clock that was set back must not lengthen the window
        INSERT INTO issuing AS c (actor, since, passes) VALUES (n.actor, tap_now(), n.passes)
            ON CONFLICT (actor) DO UPDATE SET (since, passes, told) = (
                SELECT CASE WHEN over THEN tap_now() ELSE least(c.since, tap_now()) END,
                    CASE WHEN over THEN excluded.passes ELSE c.passes + excluded.passes END,
                    CASE WHEN over THEN 0 ELSE c.told END
                  FROM (SELECT tap_now() >= c.since + l.period AS over) w)
            RETURNING * INTO i;
        IF i.passes > l.most THEN
            RAISE EXCEPTION 'the limit of % passes in % is reached', l.most, l.period
                USING ERRCODE = 'TAP29', DETAIL = extract(epoch FROM i.since + l.period - tap_now())::text;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER event_counts_issued AFTER INSERT ON event REFERENCING NEW TABLE AS appended
    FOR EACH STATEMENT EXECUTE FUNCTION tap_count_issued();

GRANT SELECT, UPDATE ON issuing_limit TO ${service_role};
GRANT SELECT, INSERT, UPDATE ON issuing TO ${service_role};
