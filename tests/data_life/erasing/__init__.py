"""Erasing one person: asked for, waited for, confirmed by a second person, done, and done again after a restore."""
