"""Listeners are told in turn."""

from inglenook.web.listeners import Listeners


def test_one_that_fails_does_not_keep_the_others_from_theirs() -> None:
    heard: list[int] = []
    listeners: Listeners[[int]] = Listeners("a number")

    def fail(_: int) -> None:
        raise RuntimeError("no")

    listeners.add(fail)
    listeners.add(heard.append)
    listeners.tell(1)

    assert heard == [1]


def test_the_same_function_may_listen_twice_and_ends_each_by_itself() -> None:
    heard: list[int] = []
    listeners: Listeners[[int]] = Listeners("a number")
    first, _ = listeners.add(heard.append), listeners.add(heard.append)
    listeners.tell(1)

    first()
    first()
    listeners.tell(2)

    assert (heard, len(listeners)) == ([1, 1, 2], 1)


def test_who_ends_another_while_all_are_told_ends_it_from_the_next_time_on() -> None:
    heard: list[int] = []
    listeners: Listeners[[int]] = Listeners("a number")
    listeners.add(lambda _: stop())
    stop = listeners.add(heard.append)

    listeners.tell(1)
    listeners.tell(2)

    assert heard == [1]
