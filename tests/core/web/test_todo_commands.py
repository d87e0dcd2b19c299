"""To-do lists over the socket."""

from inglenook.entities import TodoItem, TodoList

from .clients import client_of_a_home


async def test_the_items_of_a_list_are_told_and_told_again() -> None:
    async with client_of_a_home() as (gateway, client):
        todo = TodoList()
        todo.name, todo.items = "Shopping", [TodoItem("1", "Milk")]
        gateway.home.entities.add(todo, "test")
        milk = {"summary": "Milk", "uid": "1", "status": "needs_action"}

        assert await client.result("todo/item/list", entity_id="todo.shopping") == {"items": [milk]}
        await client.result("todo/item/subscribe", entity_id="todo.shopping")
        assert await client.event() == {"items": [milk]}
        todo.items = [TodoItem("1", "Milk", "completed")]
        todo.write()
        assert await client.event() == {"items": [{**milk, "status": "completed"}]}


async def test_what_is_no_list_is_refused() -> None:
    async with client_of_a_home() as (gateway, client):
        gateway.home.states.set("todo.ghost", "1")

        answer = await client.ask("todo/item/subscribe", entity_id="todo.ghost")

        assert answer["error"]["code"] == "invalid_entity_id"
