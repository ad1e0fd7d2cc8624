"""The pages on which staff work safety tasks."""
