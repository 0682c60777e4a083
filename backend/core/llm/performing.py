"""Performing: what a journey asks for is done, by a thread or by a coroutine, whole or as a stream."""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.llm.completion import Completion
from core.llm.failures import Failure
from core.llm.journey import Wait
from core.llm.secret import redact

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from typing import Self

    from core.llm.completion import Reply
    from core.llm.journey import Send
    from core.llm.transport import Transport

    Item = str | Reply | Failure
    Story = Generator[Send | Wait, Any, Completion]
    Sleep = Callable[[float], None]
    AsyncSleep = Callable[[float], Awaitable[None]]


def perform(story: Story, transport: Transport, sleep: Sleep) -> Completion:
    """Do what the story asks for and return the completion it ends in."""
    with closing(story):
        asked = _told(story, None)
        while not isinstance(asked, Completion):
            if isinstance(asked, Wait):
                sleep(asked.seconds)
                asked = _told(story, None)
            else:
                asked = _told(story, _masked(transport.send(asked.call, asked.key), asked))
        return asked


async def aperform(story: Story, transport: Transport, sleep: AsyncSleep) -> Completion:
    """Do as `perform`, on the running event loop."""
    with closing(story):
        asked = _told(story, None)
        while not isinstance(asked, Completion):
            if isinstance(asked, Wait):
                await sleep(asked.seconds)
                asked = _told(story, None)
            else:
                asked = _told(story, _masked(await transport.asend(asked.call, asked.key), asked))
        return asked


class TextStream:
    """An answer as it comes: iterate over it for pieces of text, or close it to stop listening.

    `completion` is None until the last piece has been read.
    """

    def __init__(self, story: Story, transport: Transport, sleep: Sleep) -> None:
        self.completion: Completion | None = None
        self._pieces = self._listen(story, transport, sleep)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening. What has come so far counts as used."""
        self._pieces.close()

    def _listen(self, story: Story, transport: Transport, sleep: Sleep) -> Generator[str, None, None]:
        with closing(story):
            asked = _told(story, None)
            while not isinstance(asked, Completion):
                if isinstance(asked, Wait):
                    sleep(asked.seconds)
                    asked = _told(story, None)
                    continue
                with closing(transport.stream(asked.call, asked.key)) as items:
                    for item in items:
                        outcome = _masked(item, asked)
                        if isinstance(item, str) and item:
                            asked.received.append(item)
                            yield item
                asked = _told(story, outcome)
            self.completion = asked


class AsyncTextStream:
    """Like `TextStream`, for `async for` and `async with`."""

    def __init__(self, story: Story, transport: Transport, sleep: AsyncSleep) -> None:
        self.completion: Completion | None = None
        self._pieces = self._listen(story, transport, sleep)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        return await anext(self._pieces)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop listening. What has come so far counts as used."""
        await self._pieces.aclose()

    async def _listen(
        self, story: Story, transport: Transport, sleep: AsyncSleep
    ) -> AsyncGenerator[str, None]:
        with closing(story):
            asked = _told(story, None)
            while not isinstance(asked, Completion):
                if isinstance(asked, Wait):
                    await sleep(asked.seconds)
                    asked = _told(story, None)
                    continue
                async with aclosing(transport.astream(asked.call, asked.key)) as items:
                    async for item in items:
                        outcome = _masked(item, asked)
                        if isinstance(item, str) and item:
                            asked.received.append(item)
                            yield item
                asked = _told(story, outcome)
            self.completion = asked


def _masked(outcome: Item, send: Send) -> Item:
    """Return the outcome without the key, before anything else sees it: providers quote keys in their errors."""
    if isinstance(outcome, Failure):
        return replace(outcome, message=redact(outcome.message, send.key))
    return outcome


def _told(story: Story, outcome: object) -> Send | Wait | Completion:
    """Tell the story what came of the last thing it asked for; return the next, or what it ends in."""
    try:
        return story.send(outcome)
    except StopIteration as end:
        completion: Completion = end.value
    return completion
