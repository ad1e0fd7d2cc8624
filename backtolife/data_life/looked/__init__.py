"""Who looked at whom, in words."""
