"""Routes by which clients would set integrations up: none can be, and they are told so in their own words."""

import pytest

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
