"""Journeys through a whole service, told in `story.py`: what they find is shown as in a test."""

import pytest

pytest.register_assert_rewrite("tests.journeys.service.story")
