"""Links, codes, passwords and the browsers they were used in."""
