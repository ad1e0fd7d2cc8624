"""The yearly review of who has access, kept as a whole."""
