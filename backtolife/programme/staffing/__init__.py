"""Who leads and spots a group: from now on, on one date, and when somebody hands everything over."""
