-- Similarity search and indexed ILIKE.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateEnum
CREATE TYPE "customer_status" AS ENUM ('LEAD', 'PROSPECT', 'CUSTOMER', 'CHURNED');

-- CreateEnum
CREATE TYPE "customer_source" AS ENUM ('WEBSITE', 'REFERRAL', 'ADVERTISING', 'COLD_OUTREACH', 'OTHER');

-- CreateEnum
CREATE TYPE "order_status" AS ENUM ('PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED');

-- CreateTable
CREATE TABLE "customers" (
    "id" SERIAL NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "phone" VARCHAR(20),
    "company" VARCHAR(255),
    "status" "customer_status" NOT NULL DEFAULT 'LEAD',
    "source" "customer_source",
    "lifetime_value" DECIMAL(12,2) NOT NULL DEFAULT 0,
    "notes" TEXT,
    "tags" JSONB NOT NULL DEFAULT '[]',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" SERIAL NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "order_number" VARCHAR(50) NOT NULL,
    "total" DECIMAL(12,2) NOT NULL,
    "status" "order_status" NOT NULL DEFAULT 'PENDING',
    "shipping_address" TEXT,
    "notes" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "orders_total_check" CHECK ("total" >= 0)
);

-- CreateTable
CREATE TABLE "contacts" (
    "id" SERIAL NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "name" VARCHAR(255) NOT NULL,
    "email" VARCHAR(255),
    "phone" VARCHAR(20),
    "role" VARCHAR(100),
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contacts_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Version and time of change belong to the row, not to whoever writes it: no writer can forget them.
CREATE FUNCTION "touch_row"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."version" := OLD."version" + 1;
    NEW."updated_at" := now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER "customers_touch" BEFORE UPDATE ON "customers" FOR EACH ROW EXECUTE FUNCTION "touch_row"();
CREATE TRIGGER "orders_touch" BEFORE UPDATE ON "orders" FOR EACH ROW EXECUTE FUNCTION "touch_row"();
CREATE TRIGGER "contacts_touch" BEFORE UPDATE ON "contacts" FOR EACH ROW EXECUTE FUNCTION "touch_row"();

-- A deleted customer gives its address back.
CREATE UNIQUE INDEX "customers_email_key" ON "customers"("email") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "orders_order_number_key" ON "orders"("order_number");

-- Sorting. Text is ordered by lower() in the C collation, so that every installation agrees; ties by id.
-- Lists of customers show live rows unless they show the trash.
CREATE INDEX "customers_name_sort_idx" ON "customers"((lower("name") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_email_sort_idx" ON "customers"((lower("email") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_company_sort_idx" ON "customers"((lower("company") COLLATE "C"), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_status_id_idx" ON "customers"("status", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_source_id_idx" ON "customers"("source", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_lifetime_value_id_idx" ON "customers"("lifetime_value", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_created_at_id_idx" ON "customers"("created_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_updated_at_id_idx" ON "customers"("updated_at", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "customers_deleted_at_id_idx" ON "customers"("deleted_at", "id") WHERE "deleted_at" IS NOT NULL;

CREATE INDEX "orders_order_number_sort_idx" ON "orders"((lower("order_number") COLLATE "C"), "id");
CREATE INDEX "orders_status_id_idx" ON "orders"("status", "id");
CREATE INDEX "orders_total_id_idx" ON "orders"("total", "id");
CREATE INDEX "orders_created_at_id_idx" ON "orders"("created_at", "id");
CREATE INDEX "orders_updated_at_id_idx" ON "orders"("updated_at", "id");

CREATE INDEX "contacts_name_sort_idx" ON "contacts"((lower("name") COLLATE "C"), "id");
CREATE INDEX "contacts_email_sort_idx" ON "contacts"((lower("email") COLLATE "C"), "id");
CREATE INDEX "contacts_created_at_id_idx" ON "contacts"("created_at", "id");
CREATE INDEX "contacts_updated_at_id_idx" ON "contacts"("updated_at", "id");

-- Relations.
CREATE INDEX "orders_customer_id_id_idx" ON "orders"("customer_id", "id");
CREATE INDEX "contacts_customer_id_id_idx" ON "contacts"("customer_id", "id");

-- Lifetime value is the sum of delivered orders: this index alone answers it.
CREATE INDEX "orders_delivered_idx" ON "orders"("customer_id") INCLUDE ("total") WHERE "status" = 'DELIVERED';

-- Search. The expression is the one the read engine writes: searchable columns in the order of their definition.
CREATE INDEX "customers_similar_idx" ON "customers" USING GIN ((lower(coalesce("name", '') || ' ' || coalesce("email", '') || ' ' || coalesce("company", ''))) gin_trgm_ops);
CREATE INDEX "customers_words_idx" ON "customers" USING GIN (to_tsvector('simple', lower(coalesce("name", '') || ' ' || coalesce("email", '') || ' ' || coalesce("company", ''))));
CREATE INDEX "orders_similar_idx" ON "orders" USING GIN ((lower(coalesce("order_number", ''))) gin_trgm_ops);
CREATE INDEX "orders_words_idx" ON "orders" USING GIN (to_tsvector('simple', lower(coalesce("order_number", ''))));
CREATE INDEX "contacts_similar_idx" ON "contacts" USING GIN ((lower(coalesce("name", '') || ' ' || coalesce("email", ''))) gin_trgm_ops);
CREATE INDEX "contacts_words_idx" ON "contacts" USING GIN (to_tsvector('simple', lower(coalesce("name", '') || ' ' || coalesce("email", ''))));

-- ILIKE on one column; one index over several serves each of them.
CREATE INDEX "customers_contains_idx" ON "customers" USING GIN ("name" gin_trgm_ops, "email" gin_trgm_ops, "company" gin_trgm_ops);
CREATE INDEX "contacts_contains_idx" ON "contacts" USING GIN ("name" gin_trgm_ops, "email" gin_trgm_ops);
CREATE INDEX "customers_tags_idx" ON "customers" USING GIN ("tags" jsonb_path_ops);
