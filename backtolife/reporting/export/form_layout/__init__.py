"""How a form lies in a file: which forms have columns, which columns, and one form of all its versions."""
