-- What is unique is so in any case: nobody has two customers in mind who writes to Ada@Example.com and to ada@example.com.
-- Where this fails, the records that its message names have to be merged, or one of them moved to the trash, first.
DROP INDEX "customers_email_key";
CREATE UNIQUE INDEX "customers_email_key" ON "customers"((lower("email") COLLATE "C")) WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_email_idx" ON "customers"("email") WHERE "deleted_at" IS NULL;

DROP INDEX "orders_order_number_key";
CREATE UNIQUE INDEX "orders_order_number_key" ON "orders"((lower("order_number") COLLATE "C"));
CREATE INDEX "orders_order_number_idx" ON "orders"("order_number");
