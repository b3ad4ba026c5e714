-- A code of an authenticator app is accepted once, whichever process is asked.
CREATE TABLE "used_codes" (
    "user_id" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "used_codes_pkey" PRIMARY KEY ("user_id", "hash")
);

ALTER TABLE "used_codes" ADD CONSTRAINT "used_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
