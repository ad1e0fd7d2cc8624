"""A form while it is answered: opened, saved, sent."""
