"""Rooms and participants."""
