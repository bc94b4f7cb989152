"""What ``levers.yaml`` may say."""

from __future__ import annotations

from microsim.documents.nodes import AnyOf, Anything, Items, Number, Record, Text

AREAS = ("rural", "urban")
_NUMBER = Number(null=False)
_PAIR = Items(item=_NUMBER, least=2, most=2, null=False)
_WORDS = Text(filled=True, null=False)
_FIELDS = {
    "start": AnyOf(
        en="where it begins; the value of the law unless given",
        options=(_NUMBER, Record(fields=dict.fromkeys(AREAS, _NUMBER), filled=True)),
        null=False,
    ),
    "range": AnyOf(
        en="how far it may go; the range of the law unless given",
        options=(_PAIR, Record(fields=dict.fromkeys(AREAS, _PAIR), filled=True)),
        null=False,
    ),
    "step": Number(en="the finest value that is written down", above=0, null=False),
    "reference": Text(en="why it begins there", filled=True, null=False),
}
_LEVER = Record(fields=_FIELDS, required={"step": "step: 0.01", "reference": ""}, null=False)
_VARIANT = Record(
    fields={
        "title": _WORDS,
        "why": _WORDS,
        "settings": Record(en="changes to the law", fields={}, rest=Anything()),
        "starts": Record(en="other starts by lever", fields={}, rest=_NUMBER),
        "held": Items(en="levers, or beginnings of names, that stay", item=_WORDS),
    },
    required={"title": "", "why": ""},
    null=False,
)
_YEAR = Record(
    fields={
        "because": _WORDS,
        "levers": Record(fields={}, rest=Record(fields=_FIELDS, filled=True, null=False)),
    },
    required={"because": ""},
    null=False,
)
BOOK = Record(
    null=False,
    en="Levers of the caseload: what may be moved, from where, how far, and in which variants.",
    fields={
        "levers": Record(fields={}, rest=_LEVER, filled=True, null=False),
        "years": Record(en="what replaces them in a county of another year", fields={}, rest=_YEAR),
        "variants": Record(fields={}, rest=_VARIANT, filled=True, null=False),
    },
    required={"levers": "", "variants": ""},
)
