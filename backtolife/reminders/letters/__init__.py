"""The messages that the calendar of a group brings about, each with the window in which it goes."""
