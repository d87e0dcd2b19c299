"""Functions of geography: how far, and what is nearest."""

from collections.abc import Iterable
from typing import Any, Final

from inglenook.model import State
from inglenook.templates.functions.geodesy import distance_m
from inglenook.templates.functions.states import expand
from inglenook.templates.library import Library
from inglenook.templates.view import TemplateState, View

_M_A_UNIT: Final = {"metric": 1000.0, "us_customary": 1609.344}


def offer(library: Library, view: View) -> None:
    """Offer the functions of this module."""
    library.offer("distance", lambda *what: distance(view, what), "g", "home")
    library.offer("closest", lambda *what: closest(view, what), "g", "home")
    library.offer("closest", lambda first, *rest: closest(view, (*rest, first)), "f", "home")


def distance(view: View, what: Iterable[Any]) -> float | None:
    """Return how far apart two places are, or one from home; in kilometres, or miles where the home counts in them.

    Each is an entity, a state, or a latitude followed by a longitude; a third one is not looked at. None when one has
    no place.

    Raises:
        TypeError: no place was given.
    """
    points: list[tuple[float, float]] = []
    waiting = list(what)
    while waiting:
        point = _take_point(view, waiting)
        if point is None:
            return None
        points.append(point)
    if not points:
        raise TypeError("distance needs at least one place")
    settings = view.home.settings
    here, there, *_ = *points, (settings.latitude, settings.longitude)
    return distance_m(here, there) / _M_A_UNIT.get(settings.unit_system, 1000.0)


def closest(view: View, what: tuple[Any, ...]) -> TemplateState | None:
    """Return the state nearest to a point: ``(states)`` to home, ``(entity, states)``, ``(lat, lon, states)``."""
    *place, candidates = what
    point = _take_point(view, list(place)) if place else (view.home.settings.latitude, view.home.settings.longitude)
    if point is None:
        return None
    located = [(found, state) for state in expand(view, [candidates]) if (found := _point_of(state)) is not None]
    nearest = min(located, key=lambda pair: distance_m(point, pair[0]), default=None)
    return nearest[1] if nearest else None


def _take_point(view: View, waiting: list[Any]) -> tuple[float, float] | None:
    """Take the first place off ``waiting``; None if it is none."""
    first = waiting.pop(0)
    if isinstance(first, TemplateState | State):
        return _point_of(first)
    if isinstance(first, str) and "." in first and (state := view.state(first)) is not None:
        return _point_of(state)
    if not waiting:
        return None
    try:
        return float(first), float(waiting.pop(0))
    except (ValueError, TypeError):
        return None


def _point_of(state: TemplateState | State) -> tuple[float, float] | None:
    try:
        return float(state.attributes["latitude"]), float(state.attributes["longitude"])
    except (KeyError, ValueError, TypeError):
        return None
