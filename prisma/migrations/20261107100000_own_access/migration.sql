-- What people see of their sessions and of the programs they allowed.
ALTER TABLE "sessions" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

ALTER TABLE "oauth_consents" ADD COLUMN "client_name" VARCHAR(255) NOT NULL DEFAULT '',
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- People know a program by its name, which is that of its client.
CREATE FUNCTION "name_consent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."client_name" := left(coalesce((SELECT nullif(c."name", '') FROM "oauth_clients" c WHERE c."client_id" = NEW."client_id"), NEW."client_id"), 255);
    RETURN NEW;
END;
$$;
CREATE TRIGGER "oauth_consents_name" BEFORE INSERT OR UPDATE ON "oauth_consents" FOR EACH ROW EXECUTE FUNCTION "name_consent"();
UPDATE "oauth_consents" SET "client_name" = '';

-- An administrator signs a person out: sessions and what programs were given, but no keys.
CREATE FUNCTION "sign_out"("person" INTEGER) RETURNS void LANGUAGE sql AS $$
    DELETE FROM "sessions" WHERE "user_id" = "person";
    DELETE FROM "oauth_refresh_tokens" WHERE "user_id" = "person";
    DELETE FROM "oauth_access_tokens" WHERE "user_id" = "person";
$$;
