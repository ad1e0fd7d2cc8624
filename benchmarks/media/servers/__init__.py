"""Other media servers under the same load."""
