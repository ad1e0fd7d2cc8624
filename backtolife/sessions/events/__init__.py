"""What a page may send to its room, by whom, and what each event does."""
