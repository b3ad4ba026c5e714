-- Whoever runs the server can let somebody in again; the account events say so.
ALTER TYPE "account_event_kind" ADD VALUE 'RESET_BY_OPERATOR';
