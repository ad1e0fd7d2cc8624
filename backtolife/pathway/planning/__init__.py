"""How long the waiting list will be: a year of the service played through many times."""
