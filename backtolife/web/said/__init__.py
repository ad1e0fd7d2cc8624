"""How a page says what it is given, in the language of its reader."""
