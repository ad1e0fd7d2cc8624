"""Who is at the door, and who may send and receive what."""
