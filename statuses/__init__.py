"""Statuses: what people show their connections for a day."""
