"""The pages on which staff keep the videos, and the library of exercises."""
