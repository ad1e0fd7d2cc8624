"""The life of what is kept about people: who looked at it, and what becomes of it."""
