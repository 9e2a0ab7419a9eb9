"""Who is online, and when they were last."""
