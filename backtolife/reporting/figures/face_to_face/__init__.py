"""Remote beside face to face, margin by margin."""
