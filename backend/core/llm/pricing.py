"""Prices: what a call costs in dollars, from the price list genai-prices carries. Never asks the network."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from core.llm.catalogue import PROVIDERS, split_model
from core.llm.errors import UnknownModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genai_prices.types import ModelPrice

MILLION: Final = 1_000_000
TOKEN_PRICES: Final = ("input_mtok", "output_mtok")
"""Models sold by the minute or the picture have neither; their token cost is unknown, not zero."""

Prices = dict[str, tuple[Decimal, Decimal]]
"""Model name in lower case -> dollars per million input tokens, and per million output tokens."""


def overrides(prices: Mapping[str, tuple[Decimal | int | str, Decimal | int | str]]) -> Prices:
    """Return the user's own prices in the shape `cost` wants them."""
    return {
        split_model(model)[1].lower(): (_money(model, own[0]), _money(model, own[1]))
        for model, own in prices.items()
    }


def cost(usage: tuple[int, int], provider: str, model: str, *, own: Prices, at: float) -> Decimal:
    """Return the dollars that `usage`, (input tokens, output tokens), costs.

    `own` prices come before the list's. `at` is the time of the call in seconds since the epoch: some
    providers are cheaper at night.

    Raises:
        UnknownModelError: neither has a price for the model at this provider.

    """
    input_tokens, output_tokens = usage
    if model.lower() in own:
        input_price, output_price = own[model.lower()]
        return (input_tokens * input_price + output_tokens * output_price) / MILLION
    from genai_prices import Usage, calc_price  # noqa: PLC0415  # 0.2 s that only prices need

    try:
        priced = calc_price(
            Usage(input_tokens=input_tokens, output_tokens=output_tokens),
            model,
            provider_id=PROVIDERS[provider].price_list,
            genai_request_timestamp=datetime.fromtimestamp(at, UTC),
        )
    except LookupError:
        raise _unpriced(provider, model) from None
    if not _sold_by_token(priced.model_price):
        raise _unpriced(provider, model)
    return priced.total_price


def context_window(provider: str, model: str) -> int | None:
    """Return how many tokens the model reads at once, None when the list does not say."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415

    try:
        _, found = get_snapshot().find_provider_model(model, None, PROVIDERS[provider].price_list, None)
    except LookupError:
        return None
    return found.context_window


def _sold_by_token(price: ModelPrice) -> bool:
    return any(getattr(price, field) is not None for field in TOKEN_PRICES)


def _unpriced(provider: str, model: str) -> UnknownModelError:
    return UnknownModelError(
        f"no price is known for {model!r} at {provider}:"
        f" pass price_overrides={{{model!r}: (input, output)}}, in dollars per million tokens"
    )


def _money(model: str, price: object) -> Decimal:
    if isinstance(price, bool) or not isinstance(price, (Decimal, int, str)):
        raise TypeError(f"the price of {model!r} must be a Decimal, an int or a str, not {price!r}")
    try:
        money = Decimal(price)
    except InvalidOperation:
        raise ValueError(f"the price of {model!r} is not a number: {price!r}") from None
    if not money.is_finite() or money < 0:
        raise ValueError(f"the price of {model!r} must be finite and not negative, not {price!r}")
    return money
