"""The life of what is kept about people."""
