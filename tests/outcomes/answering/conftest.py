"""The group whose patients answer on the pages."""

import pytest
from flask import Flask

from tests.support.outcomes.group_who_answer import AnsweringGroup, group_who_answer


@pytest.fixture
def group(app: Flask) -> AnsweringGroup:
    return group_who_answer(app)
