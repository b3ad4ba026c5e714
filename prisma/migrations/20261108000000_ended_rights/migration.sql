-- What was sent out and not yet used ends with the right it would have opened: links for a new password and questions for
-- a second factor, whose value is the number of the person, and codes of programs, whose value is JSON.
CREATE OR REPLACE FUNCTION "end_credentials_of"("person" INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "sessions" WHERE "user_id" = "person";
    DELETE FROM "oauth_refresh_tokens" WHERE "user_id" = "person";
    DELETE FROM "oauth_access_tokens" WHERE "user_id" = "person";
    DELETE FROM "api_keys" WHERE "user_id" = "person";
    DELETE FROM "verifications" WHERE "value" = "person"::text;
END;
$$;

CREATE OR REPLACE FUNCTION "end_grants_of_consent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "oauth_refresh_tokens" WHERE "client_id" = OLD."client_id" AND "user_id" = OLD."user_id";
    DELETE FROM "oauth_access_tokens" WHERE "client_id" = OLD."client_id" AND "user_id" = OLD."user_id";
    DELETE FROM "verifications"
    WHERE strpos("value", '"client_id":' || to_json(OLD."client_id")::text) > 0 AND strpos("value", '"userId":"' || OLD."user_id" || '"') > 0;
    RETURN NULL;
END;
$$;

-- Whoever took a permission back while a program was on its way to a token has taken back that token, too.
CREATE FUNCTION "require_consent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM "oauth_consents" WHERE "client_id" = NEW."client_id" AND "user_id" = NEW."user_id" FOR KEY SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'no consent of user % for client %', NEW."user_id", NEW."client_id"; END IF;
    PERFORM 1 FROM "users" WHERE "id" = NEW."user_id" AND NOT "banned" FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'user % is banned', NEW."user_id"; END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER "oauth_refresh_tokens_consent" BEFORE INSERT ON "oauth_refresh_tokens" FOR EACH ROW EXECUTE FUNCTION "require_consent"();
CREATE TRIGGER "oauth_access_tokens_consent" BEFORE INSERT ON "oauth_access_tokens" FOR EACH ROW EXECUTE FUNCTION "require_consent"();
