"""What keeps a process alive and heard."""
