"""Routes by which clients would set integrations up: none can be, and they are told so in their own words."""

import pytest

from inglenook.config.storage import StoredHelper
from inglenook.errors import Position

from .rest_client import rest_client

HEAD = "/api/config/config_entries"


async def test_there_is_nothing_to_set_up_step_by_step() -> None:
    async with rest_client() as (_, client):
        assert await client.get(f"{HEAD}/flow_handlers?type=helper") == []
        assert await client.ask("POST", f"{HEAD}/flow", {"handler": "group"}) == (
            404, {"message": "Invalid handler specified"},
        )  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_no_set_up_goes_on(method: str) -> None:
    async with rest_client() as (_, client):
        answer = await client.ask(method, f"{HEAD}/options/flow/1234")
        assert answer == (404, {"message": "Invalid flow specified"})


async def test_what_was_set_up_elsewhere_is_listed_and_stays() -> None:
    mean = StoredHelper("min_max", "Mean", "sensor", {"platform": "min_max"}, Position(""), "0123")
    made = StoredHelper("timer", "Tea", "timer", {"tea": {"name": "Tea"}}, Position(""))
    async with rest_client(helpers=(mean, made)) as (_, client):
        (entry,) = await client.get(f"{HEAD}/entry")
        status, answer = await client.ask("DELETE", f"{HEAD}/entry/0123")

        assert (entry["entry_id"], entry["domain"], entry["title"]) == ("0123", "min_max", "Mean")
        assert await client.get(f"{HEAD}/entry?domain=timer") == []
        assert status == 403
        assert ".storage" in answer["message"]
        assert (await client.ask("POST", f"{HEAD}/entry/9/reload"))[0] == 404
        assert await client.get(f"{HEAD}/entry") == [entry]
