"""Changing the key with which columns are encrypted."""
