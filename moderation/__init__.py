"""Reports, what staff do about them, and the log of what staff did."""
