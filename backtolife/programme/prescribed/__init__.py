"""Exercises that staff picked for one person: which way, how much, and every change of it."""
