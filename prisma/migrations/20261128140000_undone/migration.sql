-- Which entries of the log have been taken back, and by which change set. Nothing is taken back twice.
CREATE TABLE "undone" (
    "entry_id" BIGINT NOT NULL,
    "change_set" TEXT NOT NULL,

    CONSTRAINT "undone_pkey" PRIMARY KEY ("entry_id")
);

CREATE INDEX "undone_change_set_idx" ON "undone"("change_set");

ALTER TABLE "undone" ADD CONSTRAINT "undone_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "changes"("id") ON DELETE CASCADE ON UPDATE CASCADE;
