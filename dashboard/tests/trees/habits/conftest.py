import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def currency():
    os.environ["CURRENCY"] = "EUR"
    yield
    os.environ.pop("CURRENCY", None)


@pytest.fixture
def basket(price):
    return [price, price]
