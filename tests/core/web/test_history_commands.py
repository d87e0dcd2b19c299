"""Commands about the past: history, logbook, statistics."""

from datetime import UTC, datetime
from typing import Any

import pytest

from inglenook.auth import Role
from inglenook.home import Home

from .clients import client_of_a_home

DAY_S = 86_400.0


def moment(home: Home, offset: float = 0.0) -> str:
    return datetime.fromtimestamp(home.clock.now() + offset, UTC).isoformat()


async def test_a_period_is_told_in_short_and_as_the_client_asks() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (gateway, client):
        states = gateway.home.states
        for brightness, text in ((1, "on"), (2, "on"), (3, "off")):
            states.set("light.hall", text, {"brightness": brightness})
        period: dict[str, Any] = {"start_time": moment(gateway.home, -60), "entity_ids": ["light.hall", "light.no"]}
        kind = "history/history_during_period"

        plain = await client.result(kind, **period)
        every = await client.result(kind, **period, significant_changes_only=False)
        short = await client.result(kind, **period, minimal_response=True, no_attributes=True)

        assert [one["s"] for one in plain["light.hall"]] == ["on", "off"]
        assert plain.keys() == {"light.hall"}
        assert [one["a"]["brightness"] for one in every["light.hall"]] == [1, 2, 3]
        assert every["light.hall"][1]["lc"] == every["light.hall"][0]["lu"]
        assert [sorted(one) for one in short["light.hall"]] == [["lu", "s"], ["lu", "s"]]
        assert await client.result(kind, **{**period, "start_time": moment(gateway.home, 60)}) == {}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"start_time": "yesterday"}, "invalid_start_time"),
        ({"end_time": "tomorrow"}, "invalid_end_time"),
        ({"entity_ids": ["Hall"]}, "invalid_entity_ids"),
        ({"entity_ids": []}, "invalid_entity_ids"),
        ({"entity_ids": 7}, "invalid_format"),
    ],
)
@pytest.mark.parametrize("kind", ["history/history_during_period", "history/stream"])
async def test_what_is_no_period_is_refused(kind: str, wrong: dict[str, Any], code: str) -> None:
    async with client_of_a_home() as (gateway, client):
        good = {"start_time": moment(gateway.home, -60), "entity_ids": ["light.hall"]}

        assert await client.code(kind, **{**good, **wrong}) == code


async def test_a_stream_begins_with_the_past_and_goes_on_with_what_changes() -> None:
    async with client_of_a_home() as (gateway, client):
        states = gateway.home.states
        states.set("light.hall", "off")
        await client.result("history/stream", start_time=moment(gateway.home, -60), entity_ids=["light.hall"])
        past = await client.event()
        states.set("light.attic", "on")
        states.set("light.hall", "on")
        states.set("light.hall", "on", {"brightness": 2})
        live = await client.event()
        await client.result("unsubscribe_events", subscription=1)

        assert [one["s"] for one in past["states"]["light.hall"]] == ["off"]
        assert past["end_time"] - past["start_time"] == pytest.approx(60, abs=5)
        assert {name: [one["s"] for one in found] for name, found in live["states"].items()} == {"light.hall": ["on"]}


async def test_a_stream_of_a_period_that_is_over_sends_it_and_no_more() -> None:
    async with client_of_a_home() as (gateway, client):
        bounds = {"start_time": moment(gateway.home, -60), "end_time": moment(gateway.home, -30)}
        await client.result("history/stream", **bounds, entity_ids=["light.hall"])
        await client.result("logbook/event_stream", **bounds)

        history, logbook = await client.event(), await client.event()

        assert history["states"] == {}
        assert logbook["events"] == []
        assert "partial" not in logbook
        await client.result("unsubscribe_events", subscription=1)


async def test_a_call_of_a_client_is_told_with_who_made_it_and_live() -> None:
    async with client_of_a_home() as (gateway, client):
        home = gateway.home
        home.services.register(
            "test",
            "on",
            lambda call: home.states.set("light.hall", "on", context=call.context) and None,  # type: ignore[arg-type, return-value]
        )
        home.states.set("light.hall", "off")
        await client.result("logbook/event_stream", start_time=moment(home, -60), entity_ids=["light.hall"])
        first, whole = await client.event(), await client.event()
        await client.result("call_service", domain="test", service="on")
        live = await client.event()
        (user,) = gateway.auth.users()

        (entry,) = await client.result("logbook/get_events", start_time=moment(home, -60))

        assert (first["events"], first["partial"]) == ([], True)
        assert "partial" not in whole
        assert live["events"] == [entry]
        assert entry["context_user_id"] == user.id
        assert (entry["state"], entry["context_domain"], entry["context_service"]) == ("on", "test", "on")
        assert isinstance(entry["when"], float)


async def test_services_that_were_called_are_listed_with_who_called_them() -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.home.services.register("test", "on", lambda call: None)
        await client.result("call_service", domain="test", service="on", service_data={"secret": 1})

        (call,) = await client.result("logbook/get_action_calls", start_time=moment(gateway.home, -60))
        none = await client.result("logbook/get_action_calls", start_time=moment(gateway.home, 60))

        assert (call["domain"], call["service"], call["service_data"]) == ("test", "on", {})
        assert call["context_user_id"] == (await client.result("auth/current_user"))["id"]
        assert len(call["context_id"]) == 26
        assert abs(call["when"] - gateway.home.clock.now()) < 60
        assert none == []


async def test_the_logbook_refuses_what_is_no_period_and_knows_devices() -> None:
    async with client_of_a_home() as (gateway, client):
        start = moment(gateway.home, -60)

        assert await client.code("logbook/event_stream", start_time=moment(gateway.home, 60)) == "invalid_start_time"
        assert await client.code("logbook/get_events", start_time=start, end_time="x") == "invalid_end_time"
        both = {"context_id": "c", "entity_ids": ["light.hall"]}
        assert await client.code("logbook/get_events", start_time=start, **both) == "invalid_format"
        assert await client.result("logbook/get_events", start_time=start, device_ids=["none"]) == []


async def test_statistics_are_offered_of_what_has_them() -> None:
    async with client_of_a_home(Role.READ_ONLY) as (gateway, client):
        states = gateway.home.states
        states.set("sensor.energy", "1", {"state_class": "total_increasing", "unit_of_measurement": "kWh"})
        states.set("sensor.watts", "1", {"state_class": "measurement", "unit_of_measurement": "W"})
        states.set("sensor.name", "x")

        every = await client.result("recorder/list_statistic_ids")
        sums = await client.result("recorder/list_statistic_ids", statistic_type="sum")
        known = await client.result("recorder/get_statistics_metadata", statistic_ids=["sensor.watts"])

        assert [one["statistic_id"] for one in every] == ["sensor.energy", "sensor.watts"]
        assert [one["statistic_id"] for one in sums] == ["sensor.energy"]
        assert known[0]["unit_class"] == "power"
        assert (known[0]["has_mean"], known[0]["mean_type"], known[0]["has_sum"]) == (True, 1, False)
        assert await client.result("recorder/validate_statistics") == {}
        assert await client.result("recorder/update_statistics_issues") is None
        assert (await client.result("recorder/info"))["recording"] is True


async def test_statistics_of_a_period_are_in_the_unit_that_the_client_names() -> None:
    async with client_of_a_home() as (gateway, client):
        home = gateway.home
        shown = {"state_class": "measurement", "unit_of_measurement": "W"}
        home.states.set("sensor.watts", "500", shown, now=home.clock.now() - 7_200)
        asked = {
            "start_time": moment(home, -DAY_S),
            "statistic_ids": ["sensor.watts", "sensor.no"],
            "period": "5minute",
        }
        kind = "recorder/statistics_during_period"

        rows = (await client.result(kind, **asked, units={"power": "kW"}, types=["mean"]))["sensor.watts"]
        hours = (await client.result(kind, **{**asked, "period": "hour"}))["sensor.watts"]

        assert {row["mean"] for row in rows} == {0.5}
        assert len(rows) in (23, 24)
        assert {row["end"] - row["start"] for row in rows} == {300_000}
        assert rows[0].keys() == {"start", "end", "mean"}
        assert {row["end"] - row["start"] for row in hours} == {3_600_000}
        assert {row["max"] for row in hours} == {500.0}
        assert await client.code(kind, **asked, units={"power": "kWh"}) == "invalid_format"
        assert await client.code(kind, **{**asked, "period": "decade"}) == "invalid_format"


async def test_the_numbers_of_a_whole_period_are_those_of_its_part_of_the_past() -> None:
    async with client_of_a_home() as (gateway, client):
        home = gateway.home
        watts = {"state_class": "measurement", "unit_of_measurement": "W"}
        energy = {"state_class": "total_increasing", "unit_of_measurement": "kWh", "device_class": "energy"}
        now = home.clock.now()
        for ago, power, count in ((10_800, "100", "5"), (3_600, "300", "7"), (1_200, "500", "9")):
            home.states.set("sensor.watts", power, watts, now=now - ago)
            home.states.set("sensor.energy", count, energy, now=now - ago)
        kind = "recorder/statistic_during_period"
        hour = {"rolling_window": {"duration": {"hours": 2}}}

        power = await client.result(kind, statistic_id="sensor.watts", **hour)
        kilo = await client.result(
            kind, statistic_id="sensor.watts", **hour, units={"power": "kW"}, types=["max", "min"]
        )
        used = await client.result(kind, statistic_id="sensor.energy", types=["change"])
        early = await client.result(
            kind, statistic_id="sensor.watts", types=["mean"], fixed_period={"end_time": moment(home, -7_200)}
        )
        later = await client.result(kind, statistic_id="sensor.watts", calendar={"period": "year", "offset": 1})

        assert 100 < power["mean"] < 500
        assert (power["max"], power["min"], power["change"]) == (500.0, 100.0, None)
        assert kilo == {"max": 0.5, "min": 0.1}
        assert used == {"change": 4.0}
        assert early == {"mean": 100.0}
        assert set(later.values()) == {None}
        assert await client.result(kind, statistic_id="sensor.no", types=["max"]) == {"max": None}
        assert (
            await client.code(kind, statistic_id="sensor.watts", **hour, calendar={"period": "day"}) == "invalid_format"
        )
        assert await client.code(kind, statistic_id="sensor.watts", rolling_window={"duration": 5}) == "invalid_format"
