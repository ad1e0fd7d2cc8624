"""The course for those who lead groups: read, watch, rehearse, sign."""
