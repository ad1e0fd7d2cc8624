"""What is asked of a message in the moment of sending, by what it is about."""
