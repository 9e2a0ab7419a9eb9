"""What staff and reporters do."""
