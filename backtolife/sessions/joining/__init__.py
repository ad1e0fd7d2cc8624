"""From a link to a seat: getting ready, the room's page and what it loads."""
