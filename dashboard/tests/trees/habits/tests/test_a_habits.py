"""Tests that leave things behind: another folder, no environment. Those after them must judge as well."""

import os


def test_goes_elsewhere_and_stays(tmp_path, price, amount):
    from prices import total

    os.chdir(tmp_path)
    assert total(price, amount) == price * amount


def test_scrubs_the_environment():
    os.environ.clear()
    from prices import label

    assert label("you") == "to you"
