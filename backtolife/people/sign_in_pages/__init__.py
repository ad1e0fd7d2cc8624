"""The pages on which patients and staff sign in and leave."""
