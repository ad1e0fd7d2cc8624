"""Who is in the story, and what becomes of each."""

TWELVE = ("Ann", "Ben", "Cara", "Dev", "Eve", "Fay", "Gus", "Hal", "Ida", "Jan", "Kit", "Lou")
NO, NOT_NOW, SILENT = "Ben", "Cara", "Dev"
"""Who said no, who said not now and starts late, and who answered by telephone alone."""
BY_TEXT = {"Cara", "Eve", "Fay", "Hal", "Ida", "Jan"}
"""Half of them: the same happens on both ways, and some of what happens once happens to each half."""
CANNOT_COME, MOVES, LEAVES, LEAVES_FOR_GOOD, DIES = "Eve", "Fay", "Gus", "Kit", "Hal"
"""Who left agreed to be asked later how they are; who left for good did not."""
BESIDE = {"Olga": DIES, "Pia": LEAVES_FOR_GOOD, "Stan": MOVES}
"""Who is booked for the course beside whom: Olga is told by e-mail, the others by text."""
REACHED = {"Olga": "olga@example.com", "Pia": "07700 900131", "Stan": "07700 900132"}
PHONES = {name: f"07700 9001{place:02}" for place, name in enumerate(TWELVE, 10)}


def but(*names: str) -> list[str]:
    """The others."""
    return sorted(set(TWELVE) - set(names))


FIRST_MEMBERS = but(NO, NOT_NOW)
LATER_MEMBERS = but(NO, MOVES)
STAY = but(NO, MOVES, LEAVES, LEAVES_FOR_GOOD, DIES)
"""Who comes to the last session of Evenings."""
