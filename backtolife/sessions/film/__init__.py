"""Videos that a group watches together."""
