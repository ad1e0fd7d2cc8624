"""Tracks as they arrive and as they leave."""
