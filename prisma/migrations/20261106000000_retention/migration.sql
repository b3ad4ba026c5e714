-- How far the change log was forgotten: whoever asks for what came after an older place is told that there is a gap.

CREATE TABLE "change_floors" (
    "id" INTEGER NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "xid" xid8 NOT NULL,
    "entry_id" BIGINT NOT NULL,

    CONSTRAINT "change_floors_pkey" PRIMARY KEY ("id")
);
