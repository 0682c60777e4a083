import unittest

import prices


class TestLabel(unittest.TestCase):
    def setUp(self):
        self.name = "me"

    def test_label(self):
        with self.subTest("name"):
            self.assertEqual(prices.label(self.name), "to me")

    @unittest.skip("later")
    def test_later(self):
        self.fail("too early")


def test_basket(basket):
    assert sum(basket) == 2 * basket[0]
