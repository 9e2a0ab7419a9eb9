"""Pictures, recordings and files that people send: received, decoded apart, kept, handed out."""
