"""JSON Schemas (draft 2020-12) of the kinds of YAML files, for editors.

A schema takes every file that its reader takes. It refuses what is wrong in the form of a file; what only the
law of a day, another file or several parts together can show is left to ``microsim check``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from microsim.documents.nodes import (
    AnyOf,
    Choice,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    now,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"^\d{4}-\d{2}-\d{2}$"
_FRACTION = {"type": "string", "pattern": r"^[1-9]\d{0,5}/[1-9]\d{0,5}$"}  # as in units.py
Schema = dict[str, Any]


def json_schema(title: str, node: Node) -> Schema:
    """The schema of files of one kind."""
    defs: Schema = {}
    top = _schema(node, defs)
    return {"$schema": DRAFT, "title": title, **top, **({"$defs": defs} if defs else {})}


def json_data(data: Any) -> Any:
    """What a YAML file says as an editor sees it: keys and days are text."""
    if isinstance(data, Mapping):
        return {str(key): json_data(value) for key, value in data.items()}
    if isinstance(data, list):
        return [json_data(item) for item in data]
    return data.isoformat() if isinstance(data, dt.date) else data


def _schema(node: Node, defs: Schema) -> Schema:
    if isinstance(node, Described):
        inner = _schema(node.node(), defs)
    elif node.ref:
        if node.ref not in defs:
            defs[node.ref] = {}  # a node may lead to itself
            defs[node.ref] = _form(node, defs)
        inner = {"$ref": f"#/$defs/{node.ref}"}
    else:
        inner = _form(node, defs)
    about = "\n".join(text for text in (node.en, node.zh) if text)
    return {
        **({"description": about} if about else {}),
        **inner,
        **({"default": json_data(node.default)} if node.default is not None else {}),
        **({"examples": json_data(list(node.examples))} if node.examples else {}),
    }


def _form(node: Node, defs: Schema) -> Schema:
    """What a value must be; an empty one too where that is as good as none."""
    form: Schema
    match node:
        case Text():
            length = {"minLength": node.letters, "maxLength": node.letters} if node.letters else {}
            form = {"type": "string", **({"pattern": r"\S"} if node.filled else {}), **length}
        case Date():
            form = {"type": "string", "format": "date", "pattern": DAY}
        case Switch():
            form = {"type": "boolean"}
        case Number():
            form = _number(node)
        case Choice():
            names = json_data(list(now(node.names)))
            return {"enum": [*names, None] if node.null else names}
        case Items():
            form = {"type": "array", "items": _schema(node.item, defs), "minItems": node.least}
            form |= {"maxItems": node.most} if node.most is not None else {}
            form |= {"uniqueItems": True} if node.twice else {}
            if node.alone:
                form = {"anyOf": [form, _schema(node.item, defs)]}
        case Record():
            form = _record(node, defs)
        case AnyOf():
            form = {"anyOf": [_schema(option, defs) for option in now(node.options)]}
        case _:
            return {}
    if not node.null:
        return form
    if "type" in form:
        return {**form, "type": [form["type"], "null"]}
    return {"anyOf": [*form["anyOf"], {"type": "null"}]}


def _number(node: Number) -> Schema:
    limits = {"minimum": node.least, "exclusiveMinimum": node.above, "maximum": node.most}
    form: Schema = {"type": "integer" if node.whole else "number"}
    form |= {key: limit for key, limit in limits.items() if limit is not None}
    return {"anyOf": [form, _FRACTION]} if node.fraction else form


def _record(node: Record, defs: Schema) -> Schema:
    required = list(now(node.required))
    fields = {
        key: replace(field, null=False) if key in required and not field.ref else field
        for key, field in now(node.fields).items()
    }
    form: Schema = {"type": "object", "properties": {str(k): _schema(f, defs) for k, f in fields.items()}}
    rest: bool | Schema = False if node.rest is None else _schema(node.rest, defs)
    if node.pattern:
        form["patternProperties"], rest = {node.pattern: rest}, False
    form["additionalProperties"] = rest
    if required and node.unless:
        form["anyOf"] = [{"required": required}, {"required": [node.unless]}]
    elif required:
        form["required"] = required
    return {**form, "minProperties": 1} if node.filled else form
