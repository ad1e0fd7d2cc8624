"""Changes told to every page in a room, and which page sits where."""
