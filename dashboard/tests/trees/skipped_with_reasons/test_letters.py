import letters


def test_letters():
    letters.log("x")
    assert letters.greet("Ann") == "dear Ann"
    assert letters.fits("x" * 99)
    assert not letters.fits("x" * 100)
    assert letters.sign("Bo") == "---Bo"
    assert letters.stamp("a") == "a!a!"
