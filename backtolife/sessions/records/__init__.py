"""What is kept of a session: how people felt, what was written, who was there."""
