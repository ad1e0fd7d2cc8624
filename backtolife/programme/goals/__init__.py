"""What each patient wants to do more of, in their own words, from session 1 to the review."""
