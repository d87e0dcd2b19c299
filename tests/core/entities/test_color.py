"""Colours come back as they went, and hit known points on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.entities import color
from inglenook.entities.color_names import rgb_of_name

BYTE = st.integers(0, 255)


@given(BYTE, BYTE, BYTE)
def test_hue_and_saturation_keep_the_colour_apart_from_its_brightness(red: int, green: int, blue: int) -> None:
    brightest = max(red, green, blue) or 1

    back = color.hs_to_rgb(*color.rgb_to_hs(red, green, blue))

    if max(red, green, blue):
        expected = (red * 255 / brightest, green * 255 / brightest, blue * 255 / brightest)
        assert back == pytest.approx(expected, abs=1)


@given(BYTE, BYTE, BYTE)
def test_a_white_part_can_be_taken_out_and_put_back(red: int, green: int, blue: int) -> None:
    assert color.rgbw_to_rgb(*color.rgb_to_rgbw(red, green, blue)) == pytest.approx((red, green, blue), abs=2)
    assert color.rgbww_to_rgb(*color.rgb_to_rgbww(red, green, blue)) == pytest.approx((red, green, blue), abs=2)


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_the_plane_is_some_colour(x: float, y: float) -> None:
    assert all(0 <= part <= 255 for part in color.xy_to_rgb(x, y))


@given(st.integers(1, 100_000))
def test_every_temperature_is_some_colour(kelvin: int) -> None:
    assert max(color.kelvin_to_rgb(kelvin)) == 255


@pytest.mark.parametrize(
    ("rgb", "xy"),
    [
        ((255, 0, 0), (0.701, 0.299)),
        ((0, 0, 255), (0.136, 0.04)),
        ((255, 255, 255), (0.323, 0.329)),
        ((0, 0, 0), (0, 0)),
    ],
)
def test_points_of_the_plane(rgb: tuple[int, int, int], xy: tuple[float, float]) -> None:
    assert color.rgb_to_xy(*rgb) == xy


@pytest.mark.parametrize(
    ("kelvin", "rgb"),
    [(1500, (255, 109, 0)), (2700, (255, 167, 87)), (6600, (255, 255, 255)), (10000, (202, 218, 255))],
)
def test_whites_by_temperature(kelvin: int, rgb: tuple[int, int, int]) -> None:
    assert color.kelvin_to_rgb(kelvin) == pytest.approx(rgb, abs=2)


def test_the_temperature_of_a_point_near_white() -> None:
    assert color.xy_to_kelvin(0.4578, 0.4101) == pytest.approx(2700, abs=30)
    assert color.mireds_to_kelvin(370) == 2702


@pytest.mark.parametrize(
    ("name", "rgb"),
    [
        ("red", (255, 0, 0)),
        ("Light Slate Grey", (119, 136, 153)),
        ("rebeccapurple", (102, 51, 153)),
        ("homeassistant", (24, 188, 242)),
        ("octarine", None),
        ("", None),
    ],
)
def test_colours_have_the_names_of_css(name: str, rgb: tuple[int, int, int] | None) -> None:
    assert rgb_of_name(name) == rgb
