"""What changes chats, by noun."""
