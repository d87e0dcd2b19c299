"""Validators for what a person writes, public: a plugin's settings and services take values as the house does.

Each takes a value as YAML or JSON gives it and returns it in its final form, or raises ``vol.Invalid`` with what came
and what was expected.
"""

from inglenook.config.device_classes import device_class
from inglenook.config.values import (
    between,
    boolean,
    duration,
    ensure_list,
    entity_domain,
    entity_id,
    entity_ids,
    float_,
    icon,
    integer,
    is_template,
    one_of,
    positive_duration,
    positive_float,
    positive_int,
    shown,
    slug,
    string,
    text,
    time_of_day,
)

__all__ = [
    "between",
    "boolean",
    "device_class",
    "duration",
    "ensure_list",
    "entity_domain",
    "entity_id",
    "entity_ids",
    "float_",
    "icon",
    "integer",
    "is_template",
    "one_of",
    "positive_duration",
    "positive_float",
    "positive_int",
    "shown",
    "slug",
    "string",
    "text",
    "time_of_day",
]
