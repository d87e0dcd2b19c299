"""What purpose-specific kinds ask of a single state, where that is more than comparing a value."""

from inglenook.model import State
from inglenook.rules.purpose.match import Test


def has_volume(state: State) -> bool:
    """True when a media player can be muted at all."""
    return state.attributes.get("is_volume_muted") is not None or state.attributes.get("volume_level") is not None


def is_muted(state: State) -> bool:
    """True when a media player is muted or its volume is 0."""
    return state.attributes.get("is_volume_muted") is True or state.attributes.get("volume_level") == 0


def is_in_zone(zone: str) -> Test:
    """Return whether a person or tracker is in ``zone``, as it says itself."""
    return lambda state: isinstance(zones := state.attributes.get("in_zones"), list | tuple) and zone in zones


def is_occupied(state: State) -> bool:
    """True when somebody is in the zone of this state."""
    return (whole_number(state) or 0) > 0


def whole_number(state: State) -> int | None:
    """Return the whole number that is the state; None when it is none."""
    try:
        return int(state.state)
    except ValueError:
        return None
