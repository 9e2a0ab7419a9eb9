"""Full-text search over messages, in PostgreSQL alone (docs/decisions/0013)."""
