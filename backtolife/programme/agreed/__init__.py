"""What each patient means to do until the next session, agreed in the group; and how it went."""
