"""Text as people write it and read it."""
