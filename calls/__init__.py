"""Calls: who rings whom, and the way for their devices to find each other."""
