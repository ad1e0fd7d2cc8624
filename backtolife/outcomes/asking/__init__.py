"""What is due from whom, and when."""
