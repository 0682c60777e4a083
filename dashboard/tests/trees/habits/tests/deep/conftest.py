import pytest


@pytest.fixture
def price(price):
    return price * 10
