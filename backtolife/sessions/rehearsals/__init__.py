"""Practising a session with simulated people, in the real room."""
