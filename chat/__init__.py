"""Chats, messages and receipts: the log, the writer that appends to it, and sync."""
