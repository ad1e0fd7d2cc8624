"""Answers from paper or telephone, written in by staff."""
