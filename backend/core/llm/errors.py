"""The errors this package raises, one small tree.

    BYOKError
    ├── InvalidKeyError (also ValueError)       a key no provider could accept
    ├── KeyStoreError                           a place where keys are kept cannot be read or written
    ├── NoProviderError (also LookupError)      nobody may, or can, serve the request
    ├── UnknownModelError (also LookupError)    no price is known for a model
    ├── RateLimitExceededError                  your own limit is used up for now
    ├── BudgetExceededError                     your own budget does not cover the worst case
    ├── RequestRejectedError                    the request itself is at fault: no other provider is asked
    ├── StreamInterruptedError                  a stream broke after its first words
    └── AllProvidersFailedError                 everyone was asked, or is still cooling down

Messages never hold a key. No SDK exception is ever attached, since those keep the request's headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from core.llm.completion import Attempt


class BYOKError(Exception):
    """Base of every error of this package."""


class InvalidKeyError(BYOKError, ValueError):
    """The key is blank or holds characters that no HTTP header may carry."""


class KeyStoreError(BYOKError):
    """A key store cannot be opened, read or written as it stands. The message says what to do."""


class NoProviderError(BYOKError, LookupError):
    """No provider is left to choose: none has a key, or the priority leaves the right one out."""


class UnknownModelError(BYOKError, LookupError):
    """No price is known for the model; a cost of zero would be a lie."""


class RateLimitExceededError(BYOKError):
    """The handler's own request or token limit is used up. `retry_after`: seconds until the amount fits."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BudgetExceededError(BYOKError):
    """What a call may cost does not fit into what is left. Both in dollars: `needed`, and `left` of the budget."""

    def __init__(self, message: str, *, needed: Decimal, left: Decimal) -> None:
        super().__init__(message)
        self.needed = needed
        self.left = left


class RequestRejectedError(BYOKError):
    """A provider refused the request for what it asks, so asking elsewhere would not help.

    `attempts` lists every call made, the refusal last.
    """

    def __init__(self, message: str, *, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(message)
        self.attempts = attempts


class StreamInterruptedError(BYOKError):
    """A stream broke after it had begun; another provider would begin anew, so nobody else is asked.

    `partial` is the text that arrived, `attempts` lists every call made, the broken one last.
    """

    def __init__(self, message: str, *, partial: str, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(message)
        self.partial = partial
        self.attempts = attempts


class AllProvidersFailedError(BYOKError):
    """Every provider in the chain failed or is cooling down.

    `attempts` lists the calls made, in order. `retry_after`: seconds until the first provider has cooled
    down, or None when waiting alone helps nobody (rejected keys, unknown models).
    """

    def __init__(self, message: str, *, attempts: tuple[Attempt, ...], retry_after: float | None) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.retry_after = retry_after
