"""The signal connection of a client."""
