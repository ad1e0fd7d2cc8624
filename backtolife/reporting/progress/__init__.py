"""One person's scores over time."""
