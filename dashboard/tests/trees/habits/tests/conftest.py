import pytest


@pytest.fixture(params=[2, 3], ids=["two", "three"])
def price(request):
    return request.param


def pytest_generate_tests(metafunc):
    if "amount" in metafunc.fixturenames:
        metafunc.parametrize("amount", [1, 4])
