"""The programmes that services use, kept whole, so that a group reads the one it began with."""
