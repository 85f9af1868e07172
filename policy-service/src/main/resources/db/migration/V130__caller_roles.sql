-- The administrator roles of the user whom a caller acts as, separated by commas: of the user with the id, else with the external
-- id, else with the name. None for nobody, for more than one, and for who may not sign in.
CREATE FUNCTION tap_caller_roles(wanted text, wanted_name_key text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found_id uuid;
    others   bigint;
BEGIN
    IF wanted ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        SELECT user_id INTO found_id FROM person WHERE user_id = wanted::uuid;
    END IF;
    IF found_id IS NULL THEN
        SELECT (array_agg(user_id))[1], count(*) INTO found_id, others FROM person WHERE external_id = wanted;
        IF others > 1 THEN
            RETURN NULL;
        ELSIF others = 0 THEN
            SELECT user_id INTO found_id FROM person WHERE folded_user_name = wanted_name_key;
        END IF;
    END IF;
    RETURN (SELECT string_agg(role, ',')
        FROM head, jsonb_array_elements_text(head.state -> 'profile' -> 'administratorRoles') role
        WHERE head.stream_id = found_id::text AND NOT head.ended AND (head.state -> 'profile' ->> 'active')::boolean);
END $$;
