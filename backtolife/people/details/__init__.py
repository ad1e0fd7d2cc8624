"""What people tell us about themselves, and change themselves."""
