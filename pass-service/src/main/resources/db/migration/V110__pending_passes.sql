-- What redemption-service is asked for and may not have answered: an issue waits for its admission, a revocation and a replacement
-- for the withdrawal. A read model of the log; rows whose answer has come are cleared away every few seconds, and not seen meanwhile.
CREATE TABLE pending_pass (
    pass_id uuid        NOT NULL,
    awaited text        NOT NULL CHECK (awaited IN ('passAdmission', 'passWithdrawal')),
    user_id uuid        NOT NULL,
    since   timestamptz NOT NULL,
    PRIMARY KEY (pass_id, awaited)
);
CREATE INDEX pending_pass_since ON pending_pass (since, pass_id);

-- Whether redemption-service has answered. A pass that was withdrawn before it was admitted never is.
CREATE FUNCTION tap_answered(a allowance_copy, awaited text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    a.withdrawn_at IS NOT NULL
        OR (awaited = 'passAdmission' AND (a.admitted_at IS NOT NULL OR a.refused_at IS NOT NULL));

CREATE VIEW pending_passes AS
SELECT p.awaited || '/' || p.pass_id AS key, p.pass_id, p.awaited, p.user_id, p.since
  FROM pending_pass p
 WHERE NOT EXISTS (SELECT FROM allowance_copy a WHERE a.pass_id = p.pass_id AND tap_answered(a, p.awaited));

GRANT SELECT, INSERT, DELETE ON pending_pass TO ${service_role};
GRANT SELECT ON pending_passes TO ${service_role};
