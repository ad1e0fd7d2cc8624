"""What the tests of the course share."""

import pytest
from flask import Flask

from tests.programme.course.house import House, house_of


@pytest.fixture
def house(app: Flask) -> House:
    return house_of(app)
