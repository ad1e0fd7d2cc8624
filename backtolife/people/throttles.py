"""How often one caller may try to sign in, and how often one address may be written to."""

from datetime import timedelta

from backtolife.people.throttle import Throttle

by_caller = Throttle(most=30, window=timedelta(minutes=5))
by_address = Throttle(most=5, window=timedelta(minutes=15))
by_person = Throttle(most=5, window=timedelta(minutes=15))
"""Entering one's password again."""
