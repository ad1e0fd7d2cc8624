"""How a person wants to be reached: by which channel, when, and whether others may read it."""
