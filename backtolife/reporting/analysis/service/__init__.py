"""How the service runs: who took each step, who was reached, what moves over time."""
