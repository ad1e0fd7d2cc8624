"""How far people and groups moved."""
