"""Routes of the client API: who may reach them, and what a home tells of itself."""

import re

import pytest

from inglenook.auth import Role, may
from inglenook.web.rest.bundled import BUNDLED
from inglenook.web.rest.routes import Route

from .rest_client import rest_client


def path_of(route: Route) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", r"\1", route.path)


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
            if route.permission is not None and not may(user, route.permission):
                token = gateway.auth.create_long_lived(user, f"{route.method} {route.path}")
                client.headers = {"Authorization": f"Bearer {token}"}
                assert (await client.ask(route.method, path_of(route)))[0] == 401, route.path


async def test_without_a_token_no_route_answers() -> None:
    async with rest_client() as (_, client):
        client.headers = {}
        for route in BUNDLED:
            if route.permission is None:
                continue
            assert (await client.ask(route.method, path_of(route)))[0] == 401, route.path
