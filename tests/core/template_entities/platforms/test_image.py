"""Template images."""

from tests.core.template_entities.conftest import TemplateHome
from tests.core.template_entities.platforms.writing import block


async def test_an_image_says_when_its_address_changed(house: TemplateHome) -> None:
    await house.set("sensor.picture", "a")
    house.load(block("image", "url: \"http://example.com/{{ states('sensor.picture') }}.png\""))

    first = house.of("image.x")
    await house.advance(60)
    await house.set("sensor.picture", "b")
    second = house.of("image.x")

    assert first.attributes["entity_picture"] == "http://example.com/a.png"
    assert second.attributes["entity_picture"] == "http://example.com/b.png"
    assert first.state < second.state


async def test_what_is_no_address_shows_nothing(house: TemplateHome) -> None:
    house.load(block("image", "url: 'file:///etc/passwd'"))

    assert house.state("image.x") == "unknown"
    assert "entity_picture" not in house.attributes("image.x")
