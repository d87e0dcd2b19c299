"""persistent_notification: messages until they are dismissed, each change told."""

import pytest
from tests.plugins.helpers.house import House

from inglenook.errors import InvalidServiceData


@pytest.fixture
def told(house: House) -> list[tuple[str, str, str]]:
    """What is told: update type, id, message."""
    found: list[tuple[str, str, str]] = []

    def note(event: object) -> None:
        data = event.data  # type: ignore[attr-defined]
        notification = data["notification"]
        found.append((data["update_type"], notification["notification_id"], notification["message"]))

    house.home.bus.listen("persistent_notifications_updated", note)
    return found


async def test_a_message_comes_changes_and_goes(house: House, told: list[tuple[str, str, str]]) -> None:
    await house.declare("")

    await house.call("persistent_notification.create", message="Door open", notification_id="door")
    await house.call("persistent_notification.create", message="Still open", notification_id="door")
    for _ in range(2):
        await house.call("persistent_notification.dismiss", notification_id="door")

    assert told == [
        ("added", "door", "Door open"),
        ("updated", "door", "Still open"),
        ("removed", "door", "Still open"),
    ]


async def test_messages_without_an_id_are_each_one_and_all_go_at_once(
    house: House, told: list[tuple[str, str, str]]
) -> None:
    await house.declare("")

    await house.call("persistent_notification.create", message="One", title="News")
    await house.call("notify.persistent_notification", message="Two")
    await house.call("notify.notify", message="Three", target="everyone")
    await house.call("persistent_notification.dismiss_all")

    assert [(what, message) for what, _, message in told] == [
        ("added", "One"), ("added", "Two"), ("added", "Three"),
        ("removed", "One"), ("removed", "Two"), ("removed", "Three"),
    ]  # fmt: skip


async def test_a_message_says_something(house: House) -> None:
    await house.declare("")

    with pytest.raises(InvalidServiceData, match="message: required key not provided"):
        await house.call("persistent_notification.create", title="Empty")
