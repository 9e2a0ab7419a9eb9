"""What clients send about chats; shared by HTTP and the socket."""
