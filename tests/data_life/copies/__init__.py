"""One person's copy of everything that is held about them."""
