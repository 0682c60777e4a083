import pytest
from core.first import add


@pytest.mark.quick
def test_add():
    assert add(2, 3) == 5
