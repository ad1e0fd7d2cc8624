"""A group's dates in people's own calendars: files with messages, and private addresses to subscribe to."""
