"""Watching a video: its page, its files, what was seen and noted."""
