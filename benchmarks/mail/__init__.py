"""How fast mail leaves."""
