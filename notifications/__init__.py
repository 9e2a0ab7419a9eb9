"""What people hear of while they are not looking: a list, the badge, Web Push, mail."""
