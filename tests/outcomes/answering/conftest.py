"""The group whose patients answer on the pages."""

import pytest
from flask import Flask

from tests.support.outcomes.group_who_answer import Clinic, group_who_answer


@pytest.fixture
def clinic(app: Flask) -> Clinic:
    return group_who_answer(app)
