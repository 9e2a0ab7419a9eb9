"""The people of calls: those of chats."""

from chat.tests.conftest import alice, bob, carol, chat, dave, process

__all__ = ["alice", "bob", "carol", "chat", "dave", "process"]
