import pytest


@pytest.fixture
def heavy():
    return 30
