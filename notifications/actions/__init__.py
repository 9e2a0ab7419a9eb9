"""What changes notifications, subscriptions and settings, by noun; and what is sent for them."""
