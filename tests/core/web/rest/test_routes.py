"""Routes of the client API: who may reach them, and what a home tells of itself."""

import pytest

from inglenook.auth import Role, may
from inglenook.web.rest.bundled import BUNDLED

from .rest_client import rest_client


async def test_the_home_tells_that_it_runs_and_what_it_is() -> None:
    async with rest_client() as (_, client):
        assert await client.get("/api/") == {"message": "API running."}
        assert (await client.get("/api/config"))["state"] == "RUNNING"
        assert "automation" in await client.get("/api/components")
        assert (await client.get("/api/core/state"))["state"] == "RUNNING"


@pytest.mark.parametrize("role", [Role.USER, Role.READ_ONLY])
async def test_each_route_keeps_out_who_may_not_use_it(role: Role) -> None:
    async with rest_client() as (gateway, client):
        user = await gateway.auth.create_user("somebody", role=role)
        for route in BUNDLED:
            if not may(user, route.permission):
                client.headers = {"Authorization": f"Bearer {gateway.auth.create_long_lived(user, route.path)}"}
                assert (await client.ask(route.method, route.path))[0] == 401, route.path


async def test_without_a_token_no_route_answers() -> None:
    async with rest_client() as (_, client):
        client.headers = {}
        for route in BUNDLED:
            assert (await client.ask(route.method, route.path))[0] == 401, route.path
