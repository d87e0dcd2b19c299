"""Commands about the last runs of rules."""

from inglenook.auth import Role

from .clients import client_of_a_home

RULE = {
    "id": "7",
    "alias": "Hall",
    "triggers": {"trigger": "event", "event_type": "go"},
    "conditions": "{{ trigger.event.data.may }}",
    "actions": [{"event": "went"}, {"delay": 0.001}],
}


async def test_the_runs_of_a_rule_are_listed_and_told_step_by_step() -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.engine.swap("test", [gateway.engine.check(RULE), gateway.engine.check({**RULE, "id": "8"})])
        contexts = []
        gateway.home.bus.listen("went", lambda event: contexts.append(event.context.id))
        gateway.home.bus.fire("go", {"may": False})
        gateway.home.bus.fire("go", {"may": True})

        refused, ran = await client.result("trace/list", domain="automation", item_id="7")
        of_all = await client.result("trace/list", domain="automation")
        whole = await client.result("trace/get", domain="automation", item_id="7", run_id=ran["run_id"])
        known = await client.result("trace/contexts")
        of_one = await client.result("trace/contexts", domain="automation", item_id="8")

        assert refused["script_execution"] == "failed_conditions"
        assert (ran["trigger"], ran["domain"], ran["item_id"]) == ("event 'go'", "automation", "7")
        assert len(of_all) == 4
        assert list(whole["trace"])[:3] == ["trigger/0", "condition/0", "action/0"]
        assert whole["config"]["alias"] == "Hall"
        assert known[whole["context"]["id"]] == {"run_id": ran["run_id"], "domain": "automation", "item_id": "7"}
        assert set(known) == set(contexts)
        assert [one["item_id"] for one in of_one.values()] == ["8"]


async def test_a_run_that_is_not_kept_is_not_found() -> None:
    async with client_of_a_home() as (_, client):
        assert await client.result("trace/list", domain="script", item_id="no") == []
        assert await client.code("trace/get", domain="script", item_id="no", run_id="1") == "not_found"
        assert await client.code("trace/list", domain="light") == "invalid_format"


async def test_runs_are_for_admins() -> None:
    async with client_of_a_home(Role.USER) as (_, client):
        assert await client.code("trace/contexts") == "unauthorized"
