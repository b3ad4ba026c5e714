-- People, how they sign in, and what acts for them: sessions, API keys, OAuth clients.

CREATE TYPE "user_role" AS ENUM ('ADMIN', 'MANAGER', 'SALES', 'READ_ONLY');

ALTER TABLE "customers" ADD COLUMN     "owner_id" INTEGER;

CREATE TABLE "users" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" "user_role" NOT NULL DEFAULT 'READ_ONLY',
    "banned" BOOLEAN NOT NULL DEFAULT false,
    "ban_reason" VARCHAR(255),
    "two_factor_enabled" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sessions" (
    "id" SERIAL NOT NULL,
    "token" TEXT NOT NULL,
    "user_id" INTEGER NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "accounts" (
    "id" SERIAL NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" INTEGER NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "verifications" (
    "id" SERIAL NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "two_factors" (
    "id" SERIAL NOT NULL,
    "secret" TEXT NOT NULL,
    "backup_codes" TEXT NOT NULL,
    "user_id" INTEGER NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT true,
    "failed_verification_count" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "two_factors_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_keys" (
    "id" SERIAL NOT NULL,
    "user_id" INTEGER NOT NULL DEFAULT (NULLIF(current_setting('facet.actor'::text, true), ''::text))::integer,
    "name" VARCHAR(255) NOT NULL,
    "scopes" JSONB NOT NULL DEFAULT '[]',
    "rate_per_minute" INTEGER NOT NULL DEFAULT 600,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_key_secrets" (
    "api_key_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "api_key_secrets_pkey" PRIMARY KEY ("api_key_id")
);

CREATE TABLE "invitations" (
    "id" SERIAL NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "role" "user_role" NOT NULL DEFAULT 'READ_ONLY',
    "invited_by_id" INTEGER DEFAULT (NULLIF(current_setting('facet.actor'::text, true), ''::text))::integer,
    "expires_at" TIMESTAMPTZ(3) NOT NULL DEFAULT (now() + '72:00:00'::interval),
    "accepted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "invitation_secrets" (
    "invitation_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "invitation_secrets_pkey" PRIMARY KEY ("invitation_id")
);

CREATE TABLE "oauth_clients" (
    "id" SERIAL NOT NULL,
    "client_id" TEXT NOT NULL,
    "client_secret" TEXT,
    "client_discovery_id" TEXT,
    "disabled" BOOLEAN DEFAULT false,
    "skip_consent" BOOLEAN,
    "enable_end_session" BOOLEAN,
    "subject_type" TEXT,
    "scopes" TEXT[],
    "client_credentials_scopes" TEXT[],
    "user_id" INTEGER,
    "created_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3),
    "name" TEXT,
    "uri" TEXT,
    "icon" TEXT,
    "contacts" TEXT[],
    "tos" TEXT,
    "policy" TEXT,
    "software_id" TEXT,
    "software_version" TEXT,
    "software_statement" TEXT,
    "redirect_uris" TEXT[],
    "post_logout_redirect_uris" TEXT[],
    "backchannel_logout_uri" TEXT,
    "backchannel_logout_session_required" BOOLEAN,
    "token_endpoint_auth_method" TEXT,
    "application_type" TEXT,
    "jwks" TEXT,
    "jwks_uri" TEXT,
    "grant_types" TEXT[],
    "response_types" TEXT[],
    "require_pkce" BOOLEAN,
    "dpop_bound_access_tokens" BOOLEAN DEFAULT false,
    "reference_id" TEXT,
    "metadata" JSONB,

    CONSTRAINT "oauth_clients_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_resources" (
    "id" SERIAL NOT NULL,
    "identifier" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "access_token_ttl" INTEGER,
    "refresh_token_ttl" INTEGER,
    "signing_algorithm" TEXT,
    "signing_key_id" TEXT,
    "allowed_scopes" TEXT[],
    "custom_claims" JSONB,
    "dpop_bound_access_tokens_required" BOOLEAN DEFAULT false,
    "disabled" BOOLEAN DEFAULT false,
    "created_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3),
    "policy_version" INTEGER DEFAULT 1,
    "metadata" JSONB,

    CONSTRAINT "oauth_resources_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_client_resources" (
    "id" SERIAL NOT NULL,
    "client_id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "metadata" JSONB,
    "created_at" TIMESTAMPTZ(3),

    CONSTRAINT "oauth_client_resources_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_refresh_tokens" (
    "id" SERIAL NOT NULL,
    "token" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "session_id" INTEGER,
    "user_id" INTEGER NOT NULL,
    "reference_id" TEXT,
    "authorization_code_id" TEXT,
    "resources" TEXT[],
    "requested_user_info_claims" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked" TIMESTAMPTZ(3),
    "rotated_at" TIMESTAMPTZ(3),
    "rotation_replay_response" TEXT,
    "rotation_replay_expires_at" TIMESTAMPTZ(3),
    "auth_time" TIMESTAMPTZ(3),
    "confirmation" JSONB,
    "scopes" TEXT[],

    CONSTRAINT "oauth_refresh_tokens_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_access_tokens" (
    "id" SERIAL NOT NULL,
    "token" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "session_id" INTEGER,
    "user_id" INTEGER,
    "reference_id" TEXT,
    "authorization_code_id" TEXT,
    "resources" TEXT[],
    "requested_user_info_claims" TEXT[],
    "refresh_id" INTEGER,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked" TIMESTAMPTZ(3),
    "confirmation" JSONB,
    "scopes" TEXT[],

    CONSTRAINT "oauth_access_tokens_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_consents" (
    "id" SERIAL NOT NULL,
    "client_id" TEXT NOT NULL,
    "user_id" INTEGER,
    "reference_id" TEXT,
    "resources" TEXT[],
    "requested_user_info_claims" TEXT[],
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oauth_consents_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "oauth_client_assertions" (
    "id" SERIAL NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oauth_client_assertions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

CREATE INDEX "users_created_at_id_idx" ON "users"("created_at", "id");

CREATE INDEX "users_updated_at_id_idx" ON "users"("updated_at", "id");

CREATE UNIQUE INDEX "sessions_token_key" ON "sessions"("token");

CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

CREATE UNIQUE INDEX "accounts_provider_id_account_id_key" ON "accounts"("provider_id", "account_id");

CREATE INDEX "verifications_identifier_idx" ON "verifications"("identifier");

CREATE INDEX "verifications_expires_at_idx" ON "verifications"("expires_at");

CREATE INDEX "two_factors_user_id_idx" ON "two_factors"("user_id");

CREATE INDEX "api_keys_user_id_id_idx" ON "api_keys"("user_id", "id");

CREATE INDEX "api_keys_created_at_id_idx" ON "api_keys"("created_at", "id");

CREATE INDEX "api_keys_updated_at_id_idx" ON "api_keys"("updated_at", "id");

CREATE UNIQUE INDEX "api_key_secrets_hash_key" ON "api_key_secrets"("hash");

CREATE INDEX "invitations_invited_by_id_idx" ON "invitations"("invited_by_id");

CREATE INDEX "invitations_created_at_id_idx" ON "invitations"("created_at", "id");

CREATE INDEX "invitations_updated_at_id_idx" ON "invitations"("updated_at", "id");

CREATE UNIQUE INDEX "invitation_secrets_hash_key" ON "invitation_secrets"("hash");

CREATE UNIQUE INDEX "oauth_clients_client_id_key" ON "oauth_clients"("client_id");

CREATE INDEX "oauth_clients_user_id_idx" ON "oauth_clients"("user_id");

CREATE UNIQUE INDEX "oauth_resources_identifier_key" ON "oauth_resources"("identifier");

CREATE INDEX "oauth_client_resources_client_id_idx" ON "oauth_client_resources"("client_id");

CREATE INDEX "oauth_client_resources_resource_id_idx" ON "oauth_client_resources"("resource_id");

CREATE UNIQUE INDEX "oauth_refresh_tokens_token_key" ON "oauth_refresh_tokens"("token");

CREATE INDEX "oauth_refresh_tokens_client_id_idx" ON "oauth_refresh_tokens"("client_id");

CREATE INDEX "oauth_refresh_tokens_session_id_idx" ON "oauth_refresh_tokens"("session_id");

CREATE INDEX "oauth_refresh_tokens_user_id_idx" ON "oauth_refresh_tokens"("user_id");

CREATE INDEX "oauth_refresh_tokens_authorization_code_id_idx" ON "oauth_refresh_tokens"("authorization_code_id");

CREATE UNIQUE INDEX "oauth_access_tokens_token_key" ON "oauth_access_tokens"("token");

CREATE INDEX "oauth_access_tokens_client_id_idx" ON "oauth_access_tokens"("client_id");

CREATE INDEX "oauth_access_tokens_session_id_idx" ON "oauth_access_tokens"("session_id");

CREATE INDEX "oauth_access_tokens_user_id_idx" ON "oauth_access_tokens"("user_id");

CREATE INDEX "oauth_access_tokens_authorization_code_id_idx" ON "oauth_access_tokens"("authorization_code_id");

CREATE INDEX "oauth_access_tokens_refresh_id_idx" ON "oauth_access_tokens"("refresh_id");

CREATE INDEX "oauth_consents_client_id_idx" ON "oauth_consents"("client_id");

CREATE INDEX "oauth_consents_user_id_idx" ON "oauth_consents"("user_id");

CREATE INDEX "customers_owner_id_id_idx" ON "customers"("owner_id", "id");

ALTER TABLE "customers" ADD CONSTRAINT "customers_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "two_factors" ADD CONSTRAINT "two_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_api_key_id_fkey" FOREIGN KEY ("api_key_id") REFERENCES "api_keys"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "invitation_secrets" ADD CONSTRAINT "invitation_secrets_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_clients" ADD CONSTRAINT "oauth_clients_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_client_resources" ADD CONSTRAINT "oauth_client_resources_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oauth_clients"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_client_resources" ADD CONSTRAINT "oauth_client_resources_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "oauth_resources"("identifier") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_refresh_tokens" ADD CONSTRAINT "oauth_refresh_tokens_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oauth_clients"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_refresh_tokens" ADD CONSTRAINT "oauth_refresh_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "oauth_refresh_tokens" ADD CONSTRAINT "oauth_refresh_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_access_tokens" ADD CONSTRAINT "oauth_access_tokens_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oauth_clients"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_access_tokens" ADD CONSTRAINT "oauth_access_tokens_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "oauth_access_tokens" ADD CONSTRAINT "oauth_access_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_access_tokens" ADD CONSTRAINT "oauth_access_tokens_refresh_id_fkey" FOREIGN KEY ("refresh_id") REFERENCES "oauth_refresh_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_consents" ADD CONSTRAINT "oauth_consents_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oauth_clients"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_consents" ADD CONSTRAINT "oauth_consents_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TRIGGER "users_touch" BEFORE UPDATE ON "users" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

SELECT log_changes_of('users');

CREATE INDEX "users_name_sort_idx" ON "users"((lower("name") COLLATE "C"), "id");

CREATE INDEX "users_email_sort_idx" ON "users"((lower("email") COLLATE "C"), "id");

SELECT log_changes_of('api_keys');

CREATE INDEX "api_keys_name_sort_idx" ON "api_keys"((lower("name") COLLATE "C"), "id");

CREATE TRIGGER "invitations_touch" BEFORE UPDATE ON "invitations" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

SELECT log_changes_of('invitations');

CREATE INDEX "invitations_email_sort_idx" ON "invitations"((lower("email") COLLATE "C"), "id");

CREATE INDEX "invitations_name_sort_idx" ON "invitations"((lower("name") COLLATE "C"), "id");


-- The log copies whole records. What is merely noted (when a key was last used) is no change of the record.
CREATE TRIGGER "api_keys_touch" BEFORE UPDATE OF "name", "scopes", "rate_per_minute", "expires_at" ON "api_keys" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

CREATE OR REPLACE FUNCTION "record_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who TEXT := nullif(current_setting('facet.actor', true), '');
    door TEXT := coalesce(nullif(current_setting('facet.surface', true), ''), 'database');
    bundle TEXT := coalesce(nullif(current_setting('facet.change_set', true), ''), 'tx-' || pg_current_xact_id()::text);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "after")
        SELECT TG_TABLE_NAME, f."id", 'CREATED', f."version", who, door, bundle, jsonb_strip_nulls(to_jsonb(f))
        FROM fresh f ORDER BY f."id";
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before")
        SELECT TG_TABLE_NAME, s."id", 'DESTROYED', s."version", who, door, bundle, jsonb_strip_nulls(to_jsonb(s))
        FROM stale s ORDER BY s."id";
    ELSE
        INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "after")
        SELECT TG_TABLE_NAME, pair."id",
            CASE WHEN NOT diff."after" ? 'deleted_at' THEN 'UPDATED'
                 WHEN diff."after" -> 'deleted_at' = 'null' THEN 'RESTORED'
                 ELSE 'DELETED' END,
            pair."version", who, door, bundle, diff."before", diff."after"
        FROM (SELECT f."id", f."version", to_jsonb(s) AS "was", to_jsonb(f) AS "is" FROM fresh f JOIN stale s ON s."id" = f."id") pair
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(field.key, pair."was" -> field.key) AS "before", jsonb_object_agg(field.key, field.value) AS "after"
            FROM jsonb_each(pair."is") field
            WHERE field.value IS DISTINCT FROM pair."was" -> field.key AND field.key NOT IN ('version', 'updated_at', 'last_used_at')
        ) diff
        WHERE diff."after" IS NOT NULL
        ORDER BY pair."id";
    END IF;
    RETURN NULL;
END;
$$;

-- Signing in and out, allowing a program and taking that back: entries of the log without what is secret.
CREATE FUNCTION "record_credential"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_new BOOLEAN := TG_OP = 'INSERT';
    -- As JSON: the tables do not have the same columns.
    whole JSONB := CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END;
    told JSONB := jsonb_strip_nulls(jsonb_build_object('user_id', whole -> 'user_id', 'ip_address', whole -> 'ip_address',
        'user_agent', whole -> 'user_agent', 'client_id', whole -> 'client_id', 'scopes', whole -> 'scopes'));
BEGIN
    INSERT INTO "changes" ("resource", "record_id", "op", "version", "actor", "surface", "change_set", "before", "after")
    VALUES (TG_TABLE_NAME, (whole ->> 'id')::integer, CASE WHEN is_new THEN 'CREATED' ELSE 'DESTROYED' END, 1,
        coalesce(nullif(current_setting('facet.actor', true), ''), whole ->> 'user_id'),
        coalesce(nullif(current_setting('facet.surface', true), ''), 'system'),
        coalesce(nullif(current_setting('facet.change_set', true), ''), 'tx-' || pg_current_xact_id()::text),
        CASE WHEN NOT is_new THEN told END, CASE WHEN is_new THEN told END);
    RETURN NULL;
END;
$$;
CREATE TRIGGER "sessions_log" AFTER INSERT OR DELETE ON "sessions" FOR EACH ROW EXECUTE FUNCTION "record_credential"();
CREATE TRIGGER "oauth_consents_log" AFTER INSERT OR DELETE ON "oauth_consents" FOR EACH ROW EXECUTE FUNCTION "record_credential"();
CREATE TRIGGER "two_factors_log" AFTER INSERT OR DELETE ON "two_factors" FOR EACH ROW EXECUTE FUNCTION "record_credential"();

-- Whatever ends a right ends what was made from it, in the same transaction and whoever does it: here, so that no
-- path can forget it. A session that merely expired takes nothing along.
CREATE FUNCTION "end_grants_of_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "oauth_refresh_tokens" WHERE "session_id" = OLD."id";
    DELETE FROM "oauth_access_tokens" WHERE "session_id" = OLD."id";
    RETURN OLD;
END;
$$;
CREATE TRIGGER "sessions_end" BEFORE DELETE ON "sessions" FOR EACH ROW WHEN (OLD."expires_at" > now()) EXECUTE FUNCTION "end_grants_of_session"();

CREATE FUNCTION "end_grants_of_consent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "oauth_refresh_tokens" WHERE "client_id" = OLD."client_id" AND "user_id" = OLD."user_id";
    DELETE FROM "oauth_access_tokens" WHERE "client_id" = OLD."client_id" AND "user_id" = OLD."user_id";
    RETURN NULL;
END;
$$;
CREATE TRIGGER "oauth_consents_end" AFTER DELETE ON "oauth_consents" FOR EACH ROW EXECUTE FUNCTION "end_grants_of_consent"();

-- All that a person holds but the password: after a ban, and after a reset.
CREATE FUNCTION "end_credentials_of"("person" INTEGER) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM "sessions" WHERE "user_id" = "person";
    DELETE FROM "oauth_refresh_tokens" WHERE "user_id" = "person";
    DELETE FROM "oauth_access_tokens" WHERE "user_id" = "person";
    DELETE FROM "api_keys" WHERE "user_id" = "person";
END;
$$;

CREATE FUNCTION "end_credentials_of_banned"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_credentials_of(NEW."id");
    RETURN NULL;
END;
$$;
CREATE TRIGGER "users_ban" AFTER UPDATE OF "banned" ON "users" FOR EACH ROW WHEN (NEW."banned" AND NOT OLD."banned") EXECUTE FUNCTION "end_credentials_of_banned"();
