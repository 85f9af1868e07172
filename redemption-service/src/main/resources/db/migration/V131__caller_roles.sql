-- The administrator roles that the directory gives the user whom a caller acts as, separated by commas. None for nobody, for who
-- may not sign in, and where a message about the user could not be applied: a role that was taken away might be in it.
CREATE FUNCTION tap_caller_roles(caller uuid) RETURNS text LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT array_to_string(u.administrator_roles, ',') FROM user_copy u
        WHERE u.id = caller AND u.active AND NOT EXISTS (
            SELECT FROM parked k WHERE k.partition_key = u.id::text AND k.topic LIKE 'tap.directory%'));
END $$;
