-- A number with brackets, blanks and an extension has more than 20 characters. Only the limit changes: no row is rewritten.
ALTER TABLE "customers" ALTER COLUMN "phone" TYPE VARCHAR(40);
ALTER TABLE "contacts" ALTER COLUMN "phone" TYPE VARCHAR(40);
