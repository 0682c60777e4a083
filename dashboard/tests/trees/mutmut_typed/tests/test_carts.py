from carts import Cart, half, label, untyped


def test_a_cart():
    cart = Cart("me")
    cart.add(3)
    assert (cart.owner, cart.total) == ("me", 3)


def test_the_rest():
    assert (half(5), label(1), untyped(1, 2)) == (2, 2, 3)
