"""How a service is wired: broker, database, inbox, outbox, document store, process, logs, clock, pages. Knows no service."""
