"""Templates rendered over HTTP."""

from typing import Any

import pytest

from .rest_client import rest_client


async def test_a_template_is_rendered_to_text() -> None:
    async with rest_client() as (gateway, client):
        gateway.home.states.set("sensor.hall", "20")

        answer = await client.answer(
            "POST", "/api/template", json={"template": "{{ states('sensor.hall') }} {{ x + 1 }}", "variables": {"x": 4}}
        )

        assert (answer.status, answer.content_type, await answer.text()) == (200, "text/plain", "20 5")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"template": 5},
        {"template": "{{ 1", "variables": None},
        {"template": "{{ 1 / 0 }}"},
        {"template": "{{ x }}", "variables": 3},
    ],
)
async def test_what_does_not_render_is_told(body: Any) -> None:
    async with rest_client() as (_, client):
        status, answer = await client.ask("POST", "/api/template", body)

        assert status == 400
        assert answer["message"].startswith("Error rendering template: ")


async def test_text_that_is_none_is_sent_as_far_as_it_can_be() -> None:
    async with rest_client() as (_, client):
        assert await client.ask("POST", "/api/template", {"template": "{{ '\\ud800' }}"}) == (200, "?")
