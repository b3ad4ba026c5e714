-- Endpoints that are told of changes. What people say about one is a record like any other, with its history.
CREATE TABLE "webhooks" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "url" VARCHAR(2000) NOT NULL,
    "resources" JSONB NOT NULL DEFAULT '[]',
    "events" JSONB NOT NULL DEFAULT '[]',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "paused_at" TIMESTAMPTZ(3),
    "paused_reason" TEXT,
    "rotated_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- What changes with every delivery, and the secret. Apart from the record: the change log copies whole records,
-- and it shall neither hold a secret nor grow with every delivery.
CREATE TABLE "webhook_states" (
    "webhook_id" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    -- The place in the change log up to which everything has been delivered or skipped.
    "xid" xid8 NOT NULL,
    "entry_id" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Which process delivers now, and until when the others leave it alone.
    "lease" TEXT,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_states_pkey" PRIMARY KEY ("webhook_id")
);

-- One row per attempt; old ones are removed. No part of the change log.
CREATE TABLE "webhook_deliveries" (
    "id" SERIAL NOT NULL,
    "webhook_id" INTEGER NOT NULL,
    "message" VARCHAR(100) NOT NULL,
    "event" VARCHAR(255) NOT NULL,
    "cursor" VARCHAR(100) NOT NULL,
    "attempt" INTEGER NOT NULL,
    "succeeded" BOOLEAN NOT NULL,
    "status" INTEGER,
    "duration" INTEGER NOT NULL,
    "error" VARCHAR(1000),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "webhook_states" ADD CONSTRAINT "webhook_states_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TRIGGER "webhooks_touch" BEFORE UPDATE ON "webhooks" FOR EACH ROW EXECUTE FUNCTION "touch_row"();
SELECT log_changes_of('webhooks');

CREATE INDEX "webhooks_name_sort_idx" ON "webhooks"((lower("name") COLLATE "C"), "id");
CREATE INDEX "webhooks_created_at_id_idx" ON "webhooks"("created_at", "id");
CREATE INDEX "webhooks_updated_at_id_idx" ON "webhooks"("updated_at", "id");
CREATE INDEX "webhook_deliveries_webhook_id_id_idx" ON "webhook_deliveries"("webhook_id", "id");
CREATE INDEX "webhook_deliveries_created_at_id_idx" ON "webhook_deliveries"("created_at", "id");
