"""No template stalls the home, eats its memory, or gets out of its sandbox."""

import pytest

from inglenook.errors import TemplateError
from inglenook.templates import Templates

_NESTED = "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}"
_GROWING = "{% set ns = namespace(s='aaaa') %}{% for i in range(100) %}{% set ns.s = ns.s OP ns.s %}{% endfor %}"

ENDLESS = [
    "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
    "{% for i in range(100000) %}{% for j in range(100000) if false %}{% endfor %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% set l = range(100000) | list %}{% for i in l %}{{ l | sum }}{% endfor %}",
    "{% set l = range(100000) | list %}{% for i in l %}{% if -1 in l %}{% endif %}{% endfor %}",
    "{% set l = range(100000) | list %}{% for i in l %}{% if l == l %}{% endif %}{% endfor %}",
    "{% set l = range(100000) | list %}{% for i in l %}{{ i is in(l) }}{% endfor %}",
    "{% for i in range(100000) %}{{ range(100000) | sort | first }}{% endfor %}",
    "{% for i in range(100000) %}{{ zip(range(100000), range(100000)) | list | length }}{% endfor %}",
    "{{ ('a' * 50 ~ '!') | regex_match('(a+)+$') }}",
    "{{ ['a' * 50 ~ '!'] | select('search', '(a|a)*$') | list }}",
    "{{ lipsum(n=100000000) }}",
    "{{ [1] | slice(1000000000) | list }}",
    "{{ range(1000000000) }}",
]
LARGE = [
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * [0] }}",
    "{{ 10 ** 1000000000 }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ 'a' | center(1000000000) }}",
    "{{ 'a' | indent(1000000000) }}",
    "{{ 'a'.zfill(1000000000) }}",
    "{{ (1).to_bytes(1000000000, 'big') }}",
    "{{ '\t'.expandtabs(1000000000) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '%1000000000d' | format(1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{w}}'.format(1, w=1000000000) }}",
    "{{ '{x:1000000000}'.format_map({'x': 1}) }}",
    "{{ 'a' | replace('a', 'b' * 100000) | replace('b', 'c' * 100000) }}",
    "{{ 'a'.replace('a', 'b' * 100000).replace('b', 'c' * 100000) }}",
    "{{ ('a' * 100000).translate({97: 'b' * 100000}) }}",
    "{{ range(100000) | join('a' * 1000) }}",
    "{{ ('a' * 1000).join(range(100000) | map('string')) }}",
    "{{ 'a' * 100000 | regex_replace('a', 'b' * 100000) }}",
    "{{ {} | tojson(indent=1000000000) }}",
    "{{ pack(1, '1000000000x') }}",
    "{% for i in range(100000) %}{{ 'aaaaaaaaaa' }}{% endfor %}",
    "{% set x %}{% for i in range(100000) %}{{ 'x' * 200000 }}{% endfor %}{% endset %}",
    _GROWING.replace("OP", "~"),
    _GROWING.replace("OP", "+"),
    _GROWING.replace("'aaaa'", "[1]").replace("OP", "+"),
    _GROWING.replace("'aaaa'", "3").replace("OP", "*"),
    *(
        f"{_NESTED}{{{{ {use} }}}}"
        for use in ("ns.l", "ns.l | string", "ns.l | to_json", "'%s' % ns.l", "'{}'.format(ns.l)", "ns.l ~ ''")
    ),
    "{% set ns = namespace(t=(1,)) %}{% for i in range(100) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}",
]
ESCAPES = [
    "{{ ''.__class__.__mro__ }}",
    "{{ {}.__class__.__base__.__subclasses__() }}",
    "{{ (''|attr('__class__')).mro() }}",
    "{{ ''['__class__']['__mro__'] }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ states._view.home }}",
    "{{ states.light._view.home }}",
    "{{ states.light.hall._state.x }}",
    "{{ now.__self__.home }}",
    "{{ timedelta.mro() }}",
    "{{ '{0.__class__.__mro__}'.format('') }}",
    "{{ ('{0.__class__.__mro__}' | attr('format'))('') }}",
    "{{ '{x.__class__.__mro__}'.format_map({'x': 1}) }}",
    "{{ [1].append(2) }}",
    "{{ {}.update({1: 2}) }}",
    "{{ states.light.hall.attributes.update({'x': 1}) }}",
    "{{ config.items() }}",
    "{% include '/etc/passwd' %}",
    "{% import '../../etc/passwd' as x %}",
]


@pytest.mark.parametrize("text", [*ENDLESS, *LARGE], ids=lambda text: text[:70])
def test_what_would_not_end_or_fit_is_stopped(templates: Templates, text: str) -> None:
    with pytest.raises(TemplateError):  # else the test's own time limit ends it
        templates.compile(text).render()


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_gets_out_of_the_sandbox(templates: Templates, text: str) -> None:
    with pytest.raises(TemplateError):
        templates.compile(text).render()


@pytest.mark.parametrize("text", ["{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", "{{ " + "-" * 5_000 + "1 }}"])
def test_what_is_nested_too_deeply_is_refused(templates: Templates, text: str) -> None:
    with pytest.raises(TemplateError, match="nested too deeply"):
        templates.compile(text)


def test_what_a_home_asks_for_fits(templates: Templates) -> None:
    home = templates._home
    for number in range(2_000):
        home.states.set(f"sensor.s{number}", str(number), {"device_class": "power"})
    text = """
        {% set ns = namespace(total=0) %}
        {% for s in states.sensor if s.attributes.device_class == 'power' %}
          {% set ns.total = ns.total + s.state | float(0) %}
        {% endfor %}
        {{ ns.total, states | selectattr('domain', 'eq', 'sensor') | map(attribute='name') | join(', ') | length }}
    """

    assert templates.compile(text).render() == (1_999_000.0, 12_901)


def test_lists_of_short_texts_are_cheap(templates: Templates) -> None:
    names = [f"sensor.a_rather_long_name_{number}" for number in range(5_000)]
    text = "{% for i in range(10) %}{% set x = names | sort | unique | list %}{% endfor %}{{ names | join | length }}"

    assert templates.compile(text).render({"names": names}) == sum(map(len, names))


def test_the_next_rendering_has_all_its_steps_again(templates: Templates) -> None:
    costly = templates.compile("{% for i in range(90000) %}{% endfor %}done")

    assert [costly.render() for _ in range(3)] == ["done"] * 3


def test_a_pattern_that_ends_is_not_interrupted(templates: Templates) -> None:
    text = "{{ ('a' * 50) | regex_match('(a+)+$') }} {{ 'a1b22' | regex_findall('[0-9]+') }}"

    assert templates.compile(text).render() == "True ['1', '22']"


@pytest.mark.parametrize(
    "use",
    [
        "(t[:16384]) | wordwrap(1)",
        "(t[:16384]) | wordwrap(79)",
        "t | urlize",
        "t | title",
        "t | slugify",
        "slugify(t)",
        "t | urlencode",
        "t | sort",
        "t | groupby(0)",
        "t | map('upper') | list",
        "t | select('eq', 'x') | list",
        "t | unique | list",
        "t | wordcount",
        "t | regex_findall('.')",
        "t | regex_search('xy*z')",
        "t is search('(x|y)z')",
        "t[:2000] | regex_search('[x ]*y')",
        "t.split('x')",
        "t.translate({120: 'y'})",
        "t.encode('raw_unicode_escape', 'replace')",
        "t.upper()",
        "t is lower",
        "t[::-1]",
        "[t, t] | pprint",
        "[t, t] | tojson",
    ],
)
def test_what_takes_long_on_a_long_text_pays_for_it(templates: Templates, use: str) -> None:
    """As many passes as fit are few enough: those that are cheap may be some thousand, the dear ones a handful."""
    text = f"{{% for i in range(100000) %}}{{% set r = {use} %}}{{% endfor %}}"

    with pytest.raises(TemplateError, match="takes too long"):  # else the test's own time limit ends it
        templates.compile(text).render({"t": "x " * 100_000})


def test_methods_of_texts_that_are_checked_work_in_loops(templates: Templates) -> None:
    text = "{% for i in [1, 2] %}{{ 'a\\t'.translate({97: 'b'}).expandtabs(2).strip(' ') }}{% endfor %}"

    assert templates.compile(text).render() == "bb"


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("t | wordwrap(1)", "wordwrap takes 16384 characters at most, got 200000"),
        ("t.encode('idna')", "idna takes 1024 characters at most, got 200000"),
        ("'a'.strip(t)", "strip takes 256 characters at most, got 200000"),
        ("'a' | trim(t)", "strip takes 256 characters at most, got 200000"),
        ("t.encode('ascii', 'namereplace')", "namereplace would give 2400000 characters"),
        ("'a' | regex_search(t)", "a pattern has 4096 characters at most, got 200000"),
        ("([t] * 1000) | tojson", "takes too long"),
    ],
)
def test_one_call_that_takes_too_long_is_refused(templates: Templates, use: str, told: str) -> None:
    with pytest.raises(TemplateError, match=told):
        templates.compile(f"{{{{ {use} }}}}").render({"t": "é " * 100_000})
