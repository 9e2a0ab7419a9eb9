"""What a server must not start with."""
