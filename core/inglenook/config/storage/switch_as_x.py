"""Switches that a person let be lights, fans, locks or covers, written as template entities."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

PLATFORM: Final = "switch_as_x"


class _Shape(NamedTuple):
    """What turns it on and what off, and what it is then called. ``may_invert``: an option may swap the two."""

    on: str
    off: str
    state_on: str
    state_off: str
    may_invert: bool


_SHAPES: Final[Mapping[str, _Shape]] = {
    "cover": _Shape("open_cover", "close_cover", "open", "closed", may_invert=True),
    "fan": _Shape("turn_on", "turn_off", "on", "off", may_invert=False),
    "light": _Shape("turn_on", "turn_off", "on", "off", may_invert=False),
    "lock": _Shape("unlock", "lock", "unlocked", "locked", may_invert=True),
}


def template_of(options: Mapping[str, Any], title: str, unique_id: str | None) -> tuple[str, dict[str, Any]] | None:
    """Return the domain of a template entity and its settings; None for what no template entity can be."""
    shape, switch = _SHAPES.get(str(options.get("target_domain"))), options.get("entity_id")
    if shape is None or not isinstance(switch, str):
        return None
    is_swapped = shape.may_invert and bool(options.get("invert"))
    on, off = ("off", "on") if is_swapped else ("on", "off")
    target = {"entity_id": switch}
    return str(options["target_domain"]), {
        "name": title,
        **({"unique_id": unique_id} if unique_id is not None else {}),
        "state": f"{{{{ '{shape.state_on}' if is_state('{switch}', '{on}') else '{shape.state_off}' }}}}",
        "availability": f"{{{{ has_value('{switch}') }}}}",
        shape.on: [{"action": f"switch.turn_{on}", "target": target}],
        shape.off: [{"action": f"switch.turn_{off}", "target": target}],
    }
