"""How far it is from one place of the Earth to another."""

import math
from typing import Final

_A: Final = 6_378_137.0  # metres, WGS 84
_F: Final = 1 / 298.257223563
_B: Final = (1 - _F) * _A
_ROUNDS: Final = 200
_EXACT: Final = 1e-12


def distance_m(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the metres between two pairs of latitude and longitude in degrees, on the WGS 84 ellipsoid.

    Vincenty's inverse formula (1975), exact to a millimetre; for nearly opposite places, where it does not settle, the
    half circumference.
    """
    if here == there:
        return 0.0
    u1, u2 = (math.atan((1 - _F) * math.tan(math.radians(place[0]))) for place in (here, there))
    longitude = math.radians(there[1] - here[1])
    sin1, cos1, sin2, cos2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    turn = longitude
    for _ in range(_ROUNDS):
        sin_turn, cos_turn = math.sin(turn), math.cos(turn)
        sin_sigma = math.hypot(cos2 * sin_turn, cos1 * sin2 - sin1 * cos2 * cos_turn)
        if sin_sigma == 0:
            return 0.0
        cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_turn
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = cos1 * cos2 * sin_turn / sin_sigma
        cos2_alpha = 1 - sin_alpha**2
        middle = cos_sigma - 2 * sin1 * sin2 / cos2_alpha if cos2_alpha else 0.0
        c = _F / 16 * cos2_alpha * (4 + _F * (4 - 3 * cos2_alpha))
        before = turn
        turn = longitude + (1 - c) * _F * sin_alpha * (
            sigma + c * sin_sigma * (middle + c * cos_sigma * (2 * middle**2 - 1))
        )
        if abs(turn - before) < _EXACT:
            return _arc(sigma, sin_sigma, cos_sigma, cos2_alpha, middle)
    return math.pi * _A


def _arc(sigma: float, sin_sigma: float, cos_sigma: float, cos2_alpha: float, middle: float) -> float:
    u2 = cos2_alpha * (_A**2 - _B**2) / _B**2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    inner = cos_sigma * (2 * middle**2 - 1) - b / 6 * middle * (4 * sin_sigma**2 - 3) * (4 * middle**2 - 3)
    return _B * a * (sigma - b * sin_sigma * (middle + b / 4 * inner))
