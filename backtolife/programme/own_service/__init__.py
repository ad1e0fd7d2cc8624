"""What a service says of itself: its name, telephone, time zone, country, look, and how long it keeps records."""
