"""Nested values with templates in them."""

from inglenook.config.yaml import loads
from inglenook.templates import Templates


def test_every_text_of_a_tree_is_rendered_natively(templates: Templates) -> None:
    tree = {"a": "{{ x }}", "b": [1, "{{ x + 1 }}", {"c": "t{{ x }}"}], "d": None}

    renderer = templates.compile_tree(tree)

    assert renderer({"x": 1}) == {"a": 1, "b": [1, 2, {"c": "t1"}], "d": None}
    assert not renderer.is_static


def test_keys_are_templates_too(templates: Templates) -> None:
    assert templates.compile_tree({"{{ k }}": "{{ 1 }}", "plain": 2})({"k": "name"}) == {"name": 1, "plain": 2}


def test_texts_without_delimiters_stay_as_they_are(templates: Templates) -> None:
    assert templates.compile_tree({"a": "5", "b": "{{ '5' }}", "c": " [1] "})() == {"a": "5", "b": 5, "c": " [1] "}


def test_a_constant_tree_is_the_same_object_each_time(templates: Templates) -> None:
    tree = {"a": [1, "x"], "b": {"c": 2.5}}

    renderer = templates.compile_tree(tree)

    assert renderer.is_static
    assert renderer() is tree
    assert renderer({"x": 1}) is tree


def test_a_tree_from_a_file_shows_nothing_of_its_file(templates: Templates) -> None:
    constant = templates.compile_tree(loads("a: {path: /x}\nb: [1]"))
    mixed = templates.compile_tree(loads("a: {path: /x}\nb: '{{ 1 }}'"))

    assert type(constant()) is dict
    assert type(constant()["a"]) is dict
    assert type(mixed()["a"]) is dict
    assert templates.compile("{{ v.start is defined }} {{ v.a.path }}").render({"v": constant()}) == "False /x"


def test_a_single_text_and_a_value_of_another_type_are_trees_too(templates: Templates) -> None:
    assert templates.compile_tree("{{ 1 + 1 }}")() == 2
    assert templates.compile_tree(5)() == 5
    assert templates.compile_tree("plain")() == "plain"


def test_a_tree_may_be_limited(templates: Templates) -> None:
    assert templates.compile_tree({"a": "{{ x }}"})({"x": 1}, limited=True) == {"a": 1}
