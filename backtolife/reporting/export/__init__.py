"""Data taken away: who, what, why, and the files."""
