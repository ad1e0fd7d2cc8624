"""What somebody needs to take part: asked for care, once, and apart from what is counted for fairness."""
