"""Prices: what a call costs in dollars, from the price list genai-prices carries. Never asks the network."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from core.llm.errors import UnknownModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genai_prices.types import ModelPrice

    from core.llm.catalogue import Catalogue, ProviderSpec

MILLION: Final = 1_000_000
TOKEN_PRICES: Final = ("input_mtok", "output_mtok")
"""Models sold by the minute or the picture have neither; their token cost is unknown, not zero."""

Price = Decimal | int | str

_Prices = dict[tuple[str | None, str], tuple[Decimal, Decimal]]
"""(provider or None for all, model in lower case) -> dollars per million input tokens, and output tokens."""


class PriceBook:
    """The user's own prices first, then the list's. `own` names a model, or "provider/model" for one provider only."""

    def __init__(self, own: Mapping[str, tuple[Price, Price]], catalogue: Catalogue) -> None:
        self._own: _Prices = {}
        for model, prices in own.items():
            provider, name = catalogue.split_model(model)
            input_price, output_price = (_price(model, price) for price in _pair(model, prices))
            self._own[provider, name.lower()] = (input_price, output_price)

    def cost(self, usage: tuple[int, int], spec: ProviderSpec, model: str, *, at: float) -> Decimal:
        """Return the dollars that `usage`, (input tokens, output tokens), costs.

        `at` is the time of the call in seconds since the epoch: some providers are cheaper at night.

        Raises:
            UnknownModelError: nobody has a price for the model at this provider.

        """
        name = model.lower()
        own = self._own.get((spec.id, name)) or self._own.get((None, name))
        if own is None:
            return _listed(usage, spec, model, at=at)
        return (usage[0] * own[0] + usage[1] * own[1]) / MILLION


def context_window(spec: ProviderSpec, model: str) -> int | None:
    """Return how many tokens the model reads at once, None when the list does not say."""
    if spec.price_list is None:
        return None
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415

    try:
        _, found = get_snapshot().find_provider_model(model, None, spec.price_list, None)
    except LookupError:
        return None
    return found.context_window


def dollars(name: str, value: object) -> Decimal:
    """Return `value` if it is an amount of money: a Decimal, an int or a str, never a float. `name` is its."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"{name} must be a Decimal, an int or a str, not {value!r}")
    with suppress(InvalidOperation):
        money = Decimal(value)
        if money.is_finite() and money >= 0:
            return money
    raise ValueError(f"{name} must be a number, finite and not negative, not {value!r}")


def _listed(usage: tuple[int, int], spec: ProviderSpec, model: str, *, at: float) -> Decimal:
    from genai_prices import Usage, calc_price  # noqa: PLC0415  # 0.2 s that only prices need

    priced = None
    if spec.price_list is not None:
        with suppress(LookupError):
            priced = calc_price(
                Usage(input_tokens=usage[0], output_tokens=usage[1]),
                model,
                provider_id=spec.price_list,
                genai_request_timestamp=datetime.fromtimestamp(at, UTC),
            )
    if priced is None or not _sold_by_token(priced.model_price):
        raise UnknownModelError(
            f"no price is known for {model!r} at {spec.id}:"
            f" pass price_overrides={{{model!r}: (input, output)}}, in dollars per million tokens"
        )
    return priced.total_price


def _sold_by_token(price: ModelPrice) -> bool:
    return any(getattr(price, field) is not None for field in TOKEN_PRICES)


def _pair(model: str, prices: Any) -> tuple[object, object]:
    if not isinstance(prices, (tuple, list)) or len(prices) != 2:
        raise TypeError(f"the price of {model!r} must be a pair (input, output), not {prices!r}")
    return prices[0], prices[1]


def _price(model: str, value: object) -> Decimal:
    return dollars(f"the price of {model!r}", value)
