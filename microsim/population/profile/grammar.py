"""What a county's profile may say: its head here, its figures out of ``profile_schema.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from microsim.documents.nodes import LANGUAGES, AnyOf, Anything, Node, Number, Record, Text
from microsim.population.profile.figures import node_of, schema, sections

_NAME = "name must be a mapping with the county's name in en (and zh)"
_YEAR = "year must be a year from 1949 to 2100, not $shown"


@cache
def _fields() -> Mapping[str, Node]:
    return {
        "name": Record(
            en="The county's name.",
            zh="县名。",
            fields=dict.fromkeys(LANGUAGES, AnyOf(options=(Text(), Number()))),
            required={"en": ""},
            missing=_NAME,
            empty=_NAME,
            unknown="no such language '$key'",
            wrong=_NAME,
            null=False,
        ),
        "code": AnyOf(en="The code of the division.", zh="行政区划代码。", options=(Text(), Number())),
        "year": Number(
            en="The year of the figures.",
            zh="数据年份。",
            whole=True,
            least=1949,
            most=2100,
            wrong=_YEAR,
            not_whole=_YEAR,
            outside=_YEAR,
            absent="year must be a year from 1949 to 2100",
            null=False,
        ),
        "identification": Anything(en="Which county it is, and how that is known.", zh="县的认定依据。"),
        **{section: _section(section) for section in sections()},
    }


def _section(section: str) -> Record:
    specs = {name.split(".")[1]: spec for name, spec in schema().items() if name.startswith(f"{section}.")}
    return Record(
        fields={key: node_of(spec) for key, spec in specs.items()},
        required={key: f"it is: {spec.meaning}" for key, spec in specs.items() if not spec.optional},
        missing="missing figure '$parent.$key'",
        empty="missing figure '$parent.$key'",
        unknown="unknown figure '$parent.$key'",
        known=f"figures of {section}: $names",
    )


# Figures alone, as many as are known: what is put into a profile.
FIGURES = Record(
    null=False,
    en="Figures of a county, each with its source.",
    zh="县域数据，逐项注明出处。",
    fields=lambda: {section: replace(_section(section), required={}) for section in sections()},
    unknown="unknown section '$key'",
    known="sections: $names",
)
PROFILE = Record(
    null=False,
    en="Published figures of a county, each with its source.",
    zh="县域公开数据，逐项注明出处。",
    fields=_fields,
    required={"name": "", "year": ""},
    missing=_NAME,
    unknown="unknown section '$key'",
    known="sections: $names",
)
