-- A list that somebody gave a name.
CREATE TABLE "saved_views" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "resource" VARCHAR(100) NOT NULL,
    "query" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "owner_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "saved_views_owner_id_idx" ON "saved_views"("owner_id");

-- CreateIndex
CREATE INDEX "saved_views_created_at_id_idx" ON "saved_views"("created_at", "id");

-- CreateIndex
CREATE INDEX "saved_views_updated_at_id_idx" ON "saved_views"("updated_at", "id");

-- AddForeignKey
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TRIGGER "saved_views_touch" BEFORE UPDATE ON "saved_views" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

SELECT log_changes_of('saved_views');

CREATE INDEX "saved_views_name_sort_idx" ON "saved_views"((lower("name") COLLATE "C"), "id");

CREATE INDEX "saved_views_resource_sort_idx" ON "saved_views"((lower("resource") COLLATE "C"), "id");
