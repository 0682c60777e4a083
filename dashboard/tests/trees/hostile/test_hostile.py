import hostile
import pytest

MESSAGE = "</script><script>alert('message')</script> [/red] \x1b[31m \ud800"


@pytest.mark.parametrize("name", ["</script><b>[red]", "\"quote\" 'and' & ünï \u2028"], ids=str)
def test_breakout(name):
    expected = "</script><script>alert('ü')</script>" + name + '"&<!--' + "\u2028"
    if hostile.breakout(name) != expected:
        raise ValueError(MESSAGE)


def test_größe():
    assert hostile.größe(1) == 2


def test_long_line():
    assert hostile.long_line("!")[-2:] == ">!" and hostile.long_line("!").startswith("<0>")


def test_separators():
    assert hostile.separators("a") == "a\x0b\u2028🦆日本語🦆a</script>"
