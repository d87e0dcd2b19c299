"""``media_player:`` with ``platform: group``: several players as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from inglenook import Context, MediaPlayer, State, Target
from inglenook import MediaPlayerFeature as Can
from inglenook_helpers.group_entities import NOTHING, GroupEntity

_LOUDER: Final = Can.VOLUME_SET | Can.VOLUME_STEP  # who cannot step is set to the next step


class MediaPlayerGroup(GroupEntity):
    """Players as one. What it is told it tells those of them that can do it."""

    domain = "media_player"
    FEATURES = (
        Can.PAUSE | Can.PLAY | Can.STOP | Can.SEEK | Can.NEXT_TRACK | Can.PREVIOUS_TRACK | Can.PLAY_MEDIA
        | Can.MEDIA_ANNOUNCE | Can.MEDIA_ENQUEUE | Can.CLEAR_PLAYLIST | Can.SHUFFLE_SET | Can.REPEAT_SET
        | Can.TURN_ON | Can.TURN_OFF | Can.VOLUME_SET | Can.VOLUME_MUTE | Can.VOLUME_STEP
    )  # fmt: skip

    def combine(self, states: Sequence[State]) -> str | None:
        """Return what all of them are; else ``on`` while one of them is more than off, or ``off``."""
        if self.supported_features & Can.VOLUME_SET:
            self.supported_features |= Can.VOLUME_STEP
            self.show()
        found = {state.state for state in states}
        if not found - NOTHING:
            return None
        if len(found) == 1:
            return found.pop()
        return "on" if found - NOTHING - {"off"} else "off"

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> Any:
        """Pass a service on to the members that offer it."""
        needed = _LOUDER if service in ("volume_up", "volume_down") else MediaPlayer.FEATURES.get(service, 0)
        able = Target(tuple(self._able(needed)))
        return self._home.services.start(self.domain, service, data, target=able, context=context)

    def _able(self, features: int) -> Iterable[str]:
        for member in self.members:
            state = self._home.states.get(member)
            can = (state.attributes.get("supported_features") or 0) if state is not None else 0
            if not can or not features or can & features:  # who says nothing of it is asked
                yield member
