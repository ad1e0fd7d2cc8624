"""Relaxations to play at home: each script of a programme spoken by a voice, as one file of sound."""
