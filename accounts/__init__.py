"""Who people are: users, proofs of identity, devices and their tokens, profile and privacy."""
