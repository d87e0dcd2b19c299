"""Template media players."""

import pytest
from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block, record

from inglenook.errors import ServiceValidationError


async def test_a_player_shows_its_templates(house: TemplateHome) -> None:
    keys = "state: playing, volume_level: 0.4, is_volume_muted: 'off', media_title: '1.10', source: TV"
    house.load(block("media_player", f"{keys}, source_list: \"{{{{ ['TV', 'Radio'] }}}}\", turn_on: []"))

    attributes = house.attributes("media_player.x")

    assert house.state("media_player.x") == "playing"
    assert (attributes["volume_level"], attributes["is_volume_muted"]) == (0.4, False)
    assert (attributes["media_title"], attributes["source"], attributes["source_list"]) == (
        "1.10",
        "TV",
        ["TV", "Radio"],
    )
    assert attributes["supported_features"] == 128


@pytest.mark.parametrize(
    ("service", "data", "state", "attribute"),
    [
        ("media_play", {}, "playing", None),
        ("media_pause", {}, "paused", None),
        ("media_stop", {}, "idle", None),
        ("turn_on", {}, "on", None),
        ("volume_set", {"volume_level": 0.5}, "unknown", "volume_level"),
        ("volume_mute", {"is_volume_muted": True}, "unknown", "is_volume_muted"),
        ("select_source", {"source": "TV"}, "unknown", "source"),
        ("shuffle_set", {"shuffle": True}, "unknown", "shuffle"),
        ("repeat_set", {"repeat": "all"}, "unknown", "repeat"),
    ],
)
async def test_a_player_without_templates_is_what_it_was_told(
    house: TemplateHome, service: str, data: dict[str, object], state: str, attribute: str | None
) -> None:
    told = record(**{name: f"{{{{ {name} }}}}" for name in data} or {"do": service})
    house.load(block("media_player", f"{service}: {told}"))

    await house.call(f"media_player.{service}", "media_player.x", **data)

    assert house.calls == [data or {"do": service}]
    assert house.state("media_player.x") == state
    if attribute is not None:
        assert house.attributes("media_player.x")[attribute] == data[attribute]


async def test_a_player_that_can_set_its_volume_can_play_louder(house: TemplateHome) -> None:
    house.load(block("media_player", f"volume_level: 0.4, volume_set: {record(to='{{ volume_level }}')}"))

    await house.call("media_player.volume_up", "media_player.x")

    assert house.calls == [{"to": 0.5}]


async def test_a_player_refuses_what_it_has_no_actions_for(house: TemplateHome) -> None:
    house.load(block("media_player", "turn_on: []"))

    with pytest.raises(ServiceValidationError):
        await house.call("media_player.media_play", "media_player.x")
