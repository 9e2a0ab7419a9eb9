"""The HTTP door to chats, by noun."""
