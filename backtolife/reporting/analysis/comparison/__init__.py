"""One service beside another way, a published result, or all others."""
