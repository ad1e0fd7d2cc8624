"""A session looked back on, and who should be rung."""
