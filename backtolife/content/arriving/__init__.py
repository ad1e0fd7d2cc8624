"""Large files on their way in, over a line that may break: tus 1.0, and what has arrived so far."""
