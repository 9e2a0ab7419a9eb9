"""The socket, the hub and the bus. Knows user and device ids, never users or chats."""
