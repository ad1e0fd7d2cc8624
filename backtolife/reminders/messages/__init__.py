"""What is sent, seen by staff: what went and what did not, what waits, who has to be rung."""
