"""Packets as bytes, their sequence, and what their timing says of a link. Pure."""
