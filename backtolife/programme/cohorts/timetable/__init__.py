"""When the groups of a service meet, and who is where at that time."""
