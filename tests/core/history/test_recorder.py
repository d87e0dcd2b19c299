"""What rules do to the past."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from inglenook.clock import VirtualClock
from inglenook.errors import InvalidServiceData
from inglenook.history import Change, MemoryHistory
from inglenook.history.recorder import register_recorder
from inglenook.home import Home
from inglenook.testing import START, make_virtual_home

pytestmark = pytest.mark.virtual

DAY_S = 86_400.0


async def recorded() -> tuple[Home, MemoryHistory]:
    """Return a home that has kept two states of two entities within one day."""
    home = make_virtual_home()
    history = MemoryHistory(home)
    history.start()
    register_recorder(home, history)
    clock = home.clock
    assert isinstance(clock, VirtualClock)
    for text in ("old", "new"):
        for entity_id in ("sensor.a", "light.b"):
            home.states.set(entity_id, text)
        await clock.advance(DAY_S / 2 - 60)
    return home, history


async def kept(home: Home, history: MemoryHistory) -> dict[str, list[str]]:
    rows = await history.rows(START - 1, home.clock.now() + 1)
    found: dict[str, list[str]] = {}
    for row in rows:
        if isinstance(row, Change):
            found.setdefault(row.state.entity_id, []).append(row.state.state)
    return found


@pytest.mark.parametrize(
    ("service", "data", "left"),
    [
        ("purge", {"keep_days": 0}, {}),
        ("purge", {}, {"sensor.a": ["old", "new"], "light.b": ["old", "new"]}),
        ("purge_entities", {"entity_id": "sensor.a"}, {"light.b": ["old", "new"]}),
        ("purge_entities", {"domains": "light"}, {"sensor.a": ["old", "new"]}),
        (
            "purge_entities",
            {"entity_globs": ["*.b"], "keep_days": 1},
            {"sensor.a": ["old", "new"], "light.b": ["old", "new"]},
        ),
    ],
)
async def test_what_is_purged_is_forgotten(service: str, data: dict[str, Any], left: dict[str, list[str]]) -> None:
    home, history = await recorded()

    await home.services.call("recorder", service, data)

    assert await kept(home, history) == left


async def test_purging_no_entities_at_all_is_refused() -> None:
    home, _ = await recorded()

    with pytest.raises(InvalidServiceData, match="expected entity_id, domains or entity_globs"):
        await home.services.call("recorder", "purge_entities", {"keep_days": 2})


async def test_nothing_is_kept_while_the_recorder_is_disabled() -> None:
    home, history = await recorded()

    await home.services.call("recorder", "disable")
    home.states.set("sensor.a", "unseen")
    await home.services.call("recorder", "enable")
    home.states.set("sensor.a", "seen")

    assert (await kept(home, history))["sensor.a"] == ["old", "new", "seen"]


async def test_statistics_are_an_answer() -> None:
    home, _ = await recorded()
    clock = home.clock
    assert isinstance(clock, VirtualClock)
    warm = {"state_class": "measurement", "unit_of_measurement": "°C", "device_class": "temperature"}
    began = clock.now()
    home.states.set("sensor.t", "20", warm)
    await clock.advance(7_200)
    home.states.set("sensor.t", "30", warm)
    await clock.advance(3_600)

    found = await home.services.call(
        "recorder",
        "get_statistics",
        {
            "start_time": datetime.fromtimestamp(began - 3_600, clock.time_zone).isoformat(),
            "statistic_ids": ["sensor.t", "sensor.none"],
            "period": "hour",
            "types": ["max"],
            "units": {"temperature": "°F"},
        },
        return_response=True,
    )

    assert found is not None
    rows = found["statistics"]["sensor.t"]
    assert [row["max"] for row in rows] == [68.0, 68.0, 86.0]
    assert rows[0].keys() == {"start", "end", "max"}
    assert datetime.fromisoformat(rows[0]["end"]) - datetime.fromisoformat(rows[0]["start"]) == timedelta(hours=1)
    assert found["statistics"].keys() == {"sensor.t"}


async def test_after_a_purge_the_past_begins_later() -> None:
    home, history = await recorded()

    await home.services.call("recorder", "purge", {"keep_days": 0})

    assert history.begins_at == home.clock.now()
