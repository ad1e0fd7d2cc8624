"""Packets in, copies out: the loop in Python and the loop in C."""
