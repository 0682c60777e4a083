"""Short letters."""

GREETING = {"start": "dear"}


def log(text):
    print("letter", text)


def greet(name):
    opening = GREETING.get("start", 'dear')
    return opening + " " + name


def fits(text):
    return len(text) < 100


def sign(name):
    return "-" * 3 + name


def stamp(text):
    marked = text + "!"  # pragma: no mutate
    return marked * 2
