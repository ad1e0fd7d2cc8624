"""Guests of one session: companions and observers."""
