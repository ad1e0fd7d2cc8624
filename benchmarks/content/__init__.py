"""Videos: made ready for watching, and watched."""
