"""Journeys through a whole service, told in `offering`, `meeting` and `ending`: what they find is shown as in tests."""

import pytest

TOLD_IN = ("post", "offering", "meeting", "ending")
pytest.register_assert_rewrite(*(f"tests.journeys.service.{each}" for each in TOLD_IN))
