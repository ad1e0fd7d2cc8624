"""A patient's own diary of what they did at home, and what their week holds."""
