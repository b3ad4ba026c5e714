-- What happened to the ways in which people sign in.
CREATE TYPE "account_event_kind" AS ENUM ('SIGN_IN_FAILED', 'SECOND_FACTOR_FAILED', 'SECOND_FACTOR_ENABLED', 'SECOND_FACTOR_DISABLED', 'RECOVERY_CODE_USED', 'RECOVERY_CODES_RENEWED', 'PASSWORD_CHANGED', 'PASSWORD_RESET');

CREATE TABLE "account_events" (
    "id" SERIAL NOT NULL,
    "kind" "account_event_kind" NOT NULL,
    "user_id" INTEGER,
    "ip_address" VARCHAR(100),
    "user_agent" VARCHAR(1000),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_events_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "account_events_user_id_id_idx" ON "account_events"("user_id", "id");

CREATE INDEX "account_events_kind_id_idx" ON "account_events"("kind", "id");

CREATE INDEX "account_events_created_at_id_idx" ON "account_events"("created_at", "id");

CREATE INDEX "account_events_updated_at_id_idx" ON "account_events"("updated_at", "id");

ALTER TABLE "account_events" ADD CONSTRAINT "account_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE TRIGGER "account_events_touch" BEFORE UPDATE ON "account_events" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

SELECT log_changes_of('account_events');
