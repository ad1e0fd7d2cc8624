"""How hard what patients read is to read, and which passages may be harder than the rest."""
