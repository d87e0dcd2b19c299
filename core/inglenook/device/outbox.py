"""What a device has to say and the hub has not acknowledged yet, numbered and bounded."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from inglenook.protocol import DeviceValue, EventFrame, StateFrame, encode

LIMIT: Final = 32

Message = StateFrame | EventFrame


class Outbox:
    """Messages in order. They get their number when they are first sent, and go when they are acknowledged.

    Args:
        limit: how many are kept. Beyond it states that were not sent coalesce per entity, then the oldest message is
            dropped; the number that it would have had is left out, so that the hub can count it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._sent: deque[Message] = deque()
        self._waiting: deque[Message] = deque()
        self._seq = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._sent) + len(self._waiting)

    def put_states(self, states: Mapping[str, DeviceValue], at: float | None = None) -> None:
        """Add current values of some entities."""
        self._put(StateFrame(0, dict(states), at))

    def put_event(self, entity: str, event: str, data: Mapping[str, Any], at: float | None = None) -> None:
        """Add something that happened; it never coalesces."""
        self._put(EventFrame(0, entity, event, dict(data), at))

    def take_unsent(self) -> list[bytes]:
        """Number what was not sent yet, and return its frames."""
        frames = []
        while self._waiting:
            message = self._waiting.popleft()
            self._seq += 1
            message.seq = self._seq
            self._sent.append(message)
            frames.append(encode(message))
        return frames

    def acknowledged(self, seq: int) -> None:
        """The hub has everything up to ``seq``."""
        while self._sent and self._sent[0].seq <= seq:
            self._sent.popleft()

    def resume(self, received: int) -> list[bytes]:
        """The session goes on: return the frames that the hub has not got, in order."""
        self.acknowledged(received)
        return [encode(message) for message in self._sent] + self.take_unsent()

    def start_over(self) -> list[bytes]:
        """A new session: number everything from 1 and return the frames."""
        self._waiting.extendleft(reversed(self._sent))
        self._sent.clear()
        self._seq = 0
        return self.take_unsent()

    def _put(self, message: Message) -> None:
        self._waiting.append(message)
        if len(self) > self._limit:
            self._coalesce()
        while len(self) > self._limit:
            self._drop_oldest()

    def _coalesce(self) -> None:
        """Leave of each entity only its newest unsent state."""
        seen: set[str] = set()
        kept: deque[Message] = deque()
        for message in reversed(self._waiting):
            if isinstance(message, StateFrame):
                message.states = {key: value for key, value in message.states.items() if key not in seen}
                seen.update(message.states)
                if not message.states:
                    continue
            kept.appendleft(message)
        self._waiting = kept

    def _drop_oldest(self) -> None:
        self.dropped += 1
        if self._sent:
            self._sent.popleft()  # the hub may have it; if not, its number is missing
        else:
            self._waiting.popleft()
            self._seq += 1
