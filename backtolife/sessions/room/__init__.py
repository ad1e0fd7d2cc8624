"""A live room in the database: its state kept, its seats, what it is asked from outside, its media."""
