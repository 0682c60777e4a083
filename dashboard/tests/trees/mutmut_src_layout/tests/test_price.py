import os
import unittest
from unittest import mock

import pytest
from shop.price import noted, total


def test_few_cost_their_price(three):
    assert total(2, three) == 6


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 3)])
def test_a_noted_price_is_one_more(before, after):
    assert noted(before) == after


class TestMany(unittest.TestCase):
    def test_many_are_cheaper(self):
        self.assertAlmostEqual(total(1, 20), 18)


def test_elsewhere_and_without_an_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(os.environ, {}, clear=True):
        assert total(1, 1) == 1
