"""The triggers that wait for what others tell: tags, webhooks, notes."""

import pytest
from tests.core.rules.house import RuleHome


async def test_a_tag_is_scanned(house: RuleHome) -> None:
    house.watch("trigger: tag\ntag_id: [fridge, door]\ndevice_id: phone", "{tag: '{{ trigger.event.data.tag_id }}'}")

    for tag, device in (("fridge", "phone"), ("door", "tablet"), ("sofa", "phone")):
        house.home.bus.fire("tag_scanned", {"tag_id": tag, "device_id": device})
    await house.settle()

    assert house.heard == [{"tag": "fridge"}]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"method": "POST", "is_local": True, "json": {"x": 5}}, [5]),
        ({"method": "GET", "is_local": True, "json": {"x": 5}}, []),
        ({"method": "POST", "is_local": False, "json": {"x": 5}}, []),
    ],
)
async def test_a_webhook_is_called(house: RuleHome, request_: dict[str, object], expected: list[int]) -> None:
    house.watch("trigger: webhook\nwebhook_id: 'bell'", "{x: '{{ trigger.json.x }}'}")

    house.home.bus.fire("webhook_received", {"webhook_id": "other", **request_})
    house.home.bus.fire("webhook_received", {"webhook_id": "bell", **request_})
    await house.settle()

    assert [hit["x"] for hit in house.heard] == expected


async def test_a_webhook_from_anywhere_by_any_method(house: RuleHome) -> None:
    house.watch("trigger: webhook\nwebhook_id: bell\nallowed_methods: [get]\nlocal_only: false")

    house.home.bus.fire("webhook_received", {"webhook_id": "bell", "method": "GET", "is_local": False})
    await house.settle()

    assert len(house.heard) == 1


async def test_a_note_changes(house: RuleHome) -> None:
    house.watch(
        "trigger: persistent_notification\nnotification_id: low\nupdate_type: [added, removed]",
        "{what: '{{ trigger.update_type }} {{ trigger.notification.message }}'}",
    )

    for update, note in (("added", "low"), ("updated", "low"), ("added", "other")):
        data = {"update_type": update, "notification": {"notification_id": note, "message": "hi"}}
        house.home.bus.fire("persistent_notifications_updated", data)
    await house.settle()

    assert house.heard == [{"what": "added hi"}]
