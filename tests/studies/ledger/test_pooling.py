"""A province's pool over several counties, and new central money: who gains, who loses, what it adds."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import InputError
from microsim.report.text import display_width
from microsim.report.texts.ledger_text import ledger_text
from microsim.studies.financing.rules import Grant, Increase, Share, Task, added_by, shared_out, split
from microsim.studies.ledger.study import CENTRAL_INCREASE, Ledger
from tests.scenario.small_county import write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

HEAD = "law: 2020-12-31\neconomy: none\noutputs: [cost, caseload]\n"
LINE = "changes: {dibao.line: {by: {rural: 4600, urban: 7000}}}\n"
POOL = "financing:\n  pool: {key: hardship, counties: [{scenario: other.yaml, index: 1.5}]}\n"
INCREASE = """financing:
  increase:
    key: hardship
    total: 10.0e9
    others: 49.0e6
    others_mix: {rural: 0.8, key_county: 0.1, special: 0.3}
    tilt: {rural: 1.5, key_county: 2, special: 1.2}
    key_county: true
    additionality: 0.6
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties; the first one's base, under a pool with the second, and with new central money."""
    out = tmp_path_factory.mktemp("pool")
    write_county(out / "county", 1, 40)
    write_county(out / "other", 41, 70)
    (out / "base.yaml").write_text(f"county: county\n{HEAD}{LINE}", encoding="utf-8")
    (out / "other.yaml").write_text(f"county: other\n{HEAD}{LINE}", encoding="utf-8")
    (out / "pool.yaml").write_text(f"base: base.yaml\n{POOL}", encoding="utf-8")
    (out / "tilt.yaml").write_text(f"base: base.yaml\n{INCREASE}", encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def base(folder: Path) -> Ledger:
    return ms.ledger(folder / "base.yaml")


@pytest.fixture(scope="module")
def pooled(folder: Path, base: Ledger) -> Ledger:
    return ms.ledger(folder / "pool.yaml", reference=base)


@pytest.fixture(scope="module")
def tilted(folder: Path, base: Ledger) -> Ledger:
    return ms.ledger(folder / "tilt.yaml", reference=base)


# ---------------------------------------------------------------- the pool


def test_grants_add_up_to_the_pool(pooled: Ledger, base: Ledger, folder: Path) -> None:
    pool = pooled.pool
    assert pool is not None
    assert pool.table["grant"].sum() == pytest.approx(pool.total, rel=1e-12)
    assert sum(pool.grants.values()) == pytest.approx(pool.total, rel=1e-12)
    own, there = pool.table.set_index("county").loc[["pool", "other"]].to_dict("records")
    assert there["grant"] / there["recipients"] == pytest.approx(1.5 * own["grant"] / own["recipients"])
    assert pooled.shares["hardship"]["province"].value == pytest.approx(own["grant"])
    # Left out, the total is what the province pays to both already.
    without = [base, ms.ledger(folder / "other.yaml")]
    assert pool.total == pytest.approx(sum(one.shares["hardship"]["province"].value for one in without))


def test_what_one_county_gains_the_other_loses(pooled: Ledger, base: Ledger) -> None:
    table = pooled.pool.table if pooled.pool is not None else None
    assert table is not None
    gains = table["county_without"] - table["county_pays"]
    assert gains.sum() == pytest.approx(0.0, abs=1e-6)
    assert gains.abs().max() > 1.0
    change = pooled.payers["county"] - base.payers["county"]
    assert change == pytest.approx(-gains.iloc[0])


@given(
    st.lists(st.tuples(st.floats(1, 1e5), st.floats(0.1, 3)), min_size=2, max_size=6),
    st.floats(1e3, 1e9),
)
def test_one_more_recipient_takes_from_the_others(counties: list[tuple[float, float]], total: float) -> None:
    before = shared_out(total, {str(k): one for k, one in enumerate(counties)})
    more = [(counties[0][0] + 1.0, counties[0][1]), *counties[1:]]
    after = shared_out(total, {str(k): one for k, one in enumerate(more)})
    assert sum(after.values()) == pytest.approx(total, rel=1e-12)
    assert after["0"] > before["0"]
    lost = sum(before[name] - after[name] for name in before if name != "0")
    assert lost == pytest.approx(after["0"] - before["0"], rel=1e-6, abs=total * 1e-12)


def test_nobody_gets_anything_without_recipients() -> None:
    assert shared_out(1e6, {"a": (0.0, 1.0), "b": (0.0, 2.0)}) == {"a": 0.0, "b": 0.0}


def test_the_pool_is_not_larger_because_the_county_raises_its_line(folder: Path, pooled: Ledger) -> None:
    path = folder / "higher.yaml"
    path.write_text("base: pool.yaml\n" + LINE.replace("4600", "6900"), encoding="utf-8")
    higher = ms.ledger(path, reference=pooled)
    assert higher.pool is not None
    assert pooled.pool is not None
    assert higher.pool.total == pytest.approx(pooled.pool.total, rel=1e-12)
    assert higher.pool.grants["higher"] > pooled.pool.grants["pool"]  # more recipients


# ---------------------------------------------------------------- new central money


def test_new_money_is_spent_or_replaces_the_countys_own(tilted: Ledger, base: Ledger) -> None:
    grant = tilted.summary["grant.hardship"]["value"]
    added = tilted.summary["grant_added.hardship"]["value"]
    assert added == pytest.approx(0.6 * grant, rel=1e-12)
    assert tilted.payers["centre"] - base.payers["centre"] == pytest.approx(grant, rel=1e-9)
    assert base.payers["county"] - tilted.payers["county"] == pytest.approx(0.4 * grant, rel=1e-9)
    assert tilted.payers["province"] == pytest.approx(base.payers["province"], rel=1e-12)
    rows = tilted.table
    new = rows["programme"] == CENTRAL_INCREASE
    assert rows["cost"][new].sum() == pytest.approx(added, rel=1e-12)
    assert rows["cost"][~new].sum() == pytest.approx(base.table["cost"].sum(), rel=1e-12)
    total = base.summary["cost.total"]["value"]
    assert tilted.summary["cost.total"]["value"] == pytest.approx(total, rel=1e-12)


def test_the_weight_of_a_recipient_is_that_of_a_plain_loop(tilted: Ledger) -> None:
    run, weighted = tilted.run, 0.0
    area = run.population.categories["area"]
    recipients = run.result.array("dibao_recipient")
    top_up = run.result.array("dibao_top_up")
    for i, weight in enumerate(run.population.weight):
        rural = area[run.population.household_columns["area"][i]] == "rural"
        for person in range(run.population.offsets[i], run.population.offsets[i + 1]):
            if recipients[person]:
                factor = (1.5 if rural else 1.0) * 2.0 * (1.2 if top_up[i] > 0 else 1.0)
                weighted += float(weight) * factor
    increase = tilted.increases["hardship"].increase
    assert run.result.array("is_tekun").sum() == 0
    assert increase.weight * tilted.tasks["hardship"].recipients == pytest.approx(weighted, rel=1e-12)
    assert increase.others == pytest.approx(49.0e6 * 1.4 * 1.1 * 1.06)
    assert sum(tilted.increases["hardship"].groups.values()) == pytest.approx(1.0)


def test_the_tilt_shifts_and_does_not_create_money(tilted: Ledger) -> None:
    """Here and elsewhere together get the whole sum, tilted or not."""
    task = tilted.tasks["hardship"]
    for one in (tilted.increases["hardship"].increase, tilted.increases["hardship"].untilted):
        elsewhere = Increase(one.total, one.others / 49.0e6, one.weight * task.recipients, one.additionality)
        both = one.grant(task).value + elsewhere.grant(Task(0.0, 49.0e6)).value
        assert both == pytest.approx(10.0e9, rel=1e-12)
    got = [tilted.summary[name]["value"] for name in ("grant.hardship", "grant_untilted.hardship")]
    assert got[0] > got[1]  # a rural key county with many top-ups


@pytest.mark.parametrize("additionality", [0.0, 0.6, 1.0])
def test_margins_with_new_money_are_differences(additionality: float) -> None:
    levels = {"centre": Grant(4e6), "province": Share(0.3, of_rest=True)}
    increase = Increase(1e9, 1.3, 5e6, additionality)

    def paid(cost: float, recipients: float) -> dict[str, float]:
        task = Task(cost, recipients)
        out = {level: one.value for level, one in split(levels, task, increase).items()}
        return {**out, "added": added_by(levels, task, increase).value}

    task = Task(1e7, 4000.0)
    slopes = {**split(levels, task, increase), "added": added_by(levels, task, increase)}
    yuan = [paid(task.cost + step, task.recipients) for step in (-1.0, 1.0)]
    person = [paid(task.cost, task.recipients + step) for step in (-1.0, 1.0)]
    for name, slope in slopes.items():
        assert slope.per_yuan == pytest.approx((yuan[1][name] - yuan[0][name]) / 2, abs=1e-7)
        assert slope.per_recipient == pytest.approx(
            (person[1][name] - person[0][name]) / 2, rel=1e-6, abs=1e-7
        )
    assert sum(one.per_yuan for one in slopes.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["pool", "tilt"])
def test_the_marginal_table_is_the_difference_of_two_ledgers(folder: Path, base: Ledger, name: str) -> None:
    study = ms.ledger(folder / f"{name}.yaml", reference=base)
    sides = []
    for step in (-1, 1):
        path = folder / f"{name}{step}.yaml"
        moved = LINE.replace("4600", str(4600 + step)).replace("7000", str(7000 + step))
        path.write_text(f"base: {name}.yaml\n{moved}", encoding="utf-8")
        sides.append(ms.ledger(path, reference=base))
    assert sides[0].tasks["hardship"].recipients == sides[1].tasks["hardship"].recipients, "a jump"
    expected = {p: (sides[1].payers[p] - sides[0].payers[p]) / 2 for p in study.payers}
    rows = study.marginal[study.marginal["change"] == "line"].groupby("payer")["value"].sum()
    assert {p: float(rows.get(p, 0.0)) for p in study.payers} == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_no_more_is_replaced_than_the_county_pays() -> None:
    levels, task = {"centre": Share(0.9)}, Task(1e6, 1000.0)
    increase = Increase(1e9, 1.0, 1e6, 0.0)
    assert split(levels, task, increase)["county"].value == 0.0
    assert added_by(levels, task, increase).value == pytest.approx(increase.grant(task).value - 1e5)


# ---------------------------------------------------------------- in a command, and bad input


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_ledger_prints_both(pooled: Ledger, tilted: Ledger, lang: str) -> None:
    said = {"en": ("pool over several counties", "New central money"), "zh": ("省级统筹", "中央增支")}[lang]
    for study, words in zip((pooled, tilted), said, strict=True):
        text = ledger_text(study, lang)
        assert words in text
        assert max(map(display_width, text.splitlines())) <= 80


def test_comparison_shows_who_pays_otherwise(folder: Path, base: Ledger, tilted: Ledger) -> None:
    rows = ms.compare(base.run, tilted.run).payers
    county = rows[(rows["programme"] == "") & (rows["payer"] == "county")].iloc[0]
    assert county["change"] == pytest.approx(tilted.payers["county"] - base.payers["county"])


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (POOL.replace("hardship", "hardships"), ":3:10", "there is no financing key 'hardships'"),
        (POOL.replace("other.yaml", "base.yaml"), ":3:37", "in the pool already"),
    ],
)
def test_what_cannot_be_pooled_is_refused(folder: Path, text: str, place: str, message: str) -> None:
    path = folder / "wrong.yaml"
    path.write_text(f"base: base.yaml\n{text}", encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        ms.ledger(path)
    assert error.value.offences[0].place.endswith(f"wrong.yaml{place}")


def test_a_file_that_is_not_there_and_shares_beyond_one_are_told_together(folder: Path) -> None:
    path = folder / "wrong.yaml"
    text = POOL.replace("other.yaml", "othr.yaml") + INCREASE.removeprefix("financing:\n").replace(
        "0.6", "1.6"
    )
    path.write_text(f"base: base.yaml\n{text}", encoding="utf-8")
    with pytest.raises(InputError) as error:
        ms.load_scenario(path)
    told = {one.message.split(" (")[0]: one.hint for one in error.value.offences}
    assert "no file at 'othr.yaml'" in told
    assert "other.yaml" in told["no file at 'othr.yaml'"]
    assert any("1.6" in message for message in told)


def test_check_reports_what_the_files_show(folder: Path) -> None:
    """Before anything is run: an unknown key at its place, and what is wrong in a county of the pool."""
    path = folder / "wrong.yaml"
    path.write_text(f"base: base.yaml\n{POOL.replace('hardship', 'hardships')}", encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(path), str(folder / "pool.yaml"), str(folder / "tilt.yaml")])
    assert done.exit_code == 2
    assert "wrong.yaml:3:10: there is no financing key 'hardships'; did you mean 'hardship'?" in done.output
    assert done.output.count("problem") == 1


def test_a_pool_of_the_pool_is_read_without_its_own(folder: Path) -> None:
    """Two counties that name each other in their pools are no circle."""
    (folder / "back.yaml").write_text(
        f"base: other.yaml\n{POOL.replace('other.yaml', 'forth.yaml')}", encoding="utf-8"
    )
    (folder / "forth.yaml").write_text(
        f"base: base.yaml\n{POOL.replace('other.yaml', 'back.yaml')}", encoding="utf-8"
    )
    found = ms.ledger(folder / "forth.yaml")
    assert found.pool is not None
    assert [member.name for member in found.pool.members] == ["forth", "back"]
