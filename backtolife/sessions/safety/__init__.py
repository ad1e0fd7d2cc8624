"""Calls for help in a live session, and who hears of those that nobody took."""
