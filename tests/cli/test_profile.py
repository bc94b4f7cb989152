"""``microsim profile``: census tables in, a profile out that the other commands take."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from microsim.population import County, Population
from tests.cli.conftest import Call
from tests.population.census.census_table import H_COUNTY, other, row, write
from tests.wrapped import says


def test_a_profile_is_built_checked_and_made_a_county(call: Call) -> None:
    write(Path("census.csv"))
    done = call("profile", "--census", "census.csv", "--county", "海原县", "--out", "new/haiyuan.yaml")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("new/haiyuan.yaml: 海原县 (宁夏回族自治区, 中卫市), code 640522\n")
    assert says(done.stdout, "11 cited, 3 inferred")
    told = " ".join(done.stdout.split())
    assert "assumptions are those of h-county, the nearest archetype" in told
    assert says(done.stdout, "reconciled figures: 2")
    assert says(done.stdout, "322,469 -> 333,518 (+3.43%)")
    assert call("check", "new/haiyuan.yaml").stdout == "new/haiyuan.yaml: good county profile\n"
    made = call("synth", "new/haiyuan.yaml", "--out", "county", "--households", "1000")
    assert made.exit_code == 0, made.stderr
    assert Population.read("county").n_households == 1000


def test_json_has_every_conflict_with_its_size(call: Call) -> None:
    write(Path("census.csv.gz"))
    done = call(
        *("profile", "--census", "census.csv.gz", "--county", "640522", "--out", "p.yaml"),
        *("--like", "central-county", "--english", "Haiyuan", "--json"),
    )
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["out"] == "p.yaml"
    assert told["county"] == {"code": "640522", "zh": "海原县", "en": "Haiyuan"}
    assert told["taken_over_from"] == {"county": "central-county", "distance": None}
    by_figure = {one["figure"]: one for one in told["conflicts"]}
    assert by_figure["demography.family_persons"]["reconciled"] == 333518
    assert round(by_figure["demography.elderly_households"]["size"], 4) == -0.029
    assert sum(told["figures"].values()) == len(County.read("p.yaml").figures)


def test_quiet_and_the_same_bytes_each_time(call: Call) -> None:
    write(Path("census.csv"))
    for out in ("one.yaml", "two.yaml"):
        done = call("profile", "--census", "census.csv", "--county", "640522", "--out", out, "-q")
        assert (done.exit_code, done.stdout) == (0, "")
    assert Path("one.yaml").read_bytes() == Path("two.yaml").read_bytes()
    plain = yaml.safe_load(Path("one.yaml").read_text(encoding="utf-8"))  # any YAML reader takes it
    assert plain["demography"]["residents"]["value"] == {"rural": 216056, "urban": 117462}


def test_a_profile_of_ones_own_lends(call: Call) -> None:
    write(Path("census.csv"))
    arguments = (
        "profile",
        "--census",
        "census.csv",
        "--county",
        "640522",
        "--out",
        "p.yaml",
        "--like",
        H_COUNTY,
    )
    assert call(*arguments).exit_code == 0
    reference = County.read("p.yaml").figures["health.admission_rate"].reference
    assert reference.startswith(
        f"Taken over from {H_COUNTY}, as asked for. There, cited: national health services"
    )


def test_all_that_is_wrong_is_told_at_once_and_nothing_written(call: Call) -> None:
    write(Path("census.csv"), row(), other(110101, "鼓楼区", "x市"), other(110102, "鼓楼区", "y市"))
    Path("mine.yaml").write_text("mine")
    done = call(
        *(
            "profile",
            "--census",
            "census.csv",
            "--county",
            "鼓楼区",
            "--out",
            "mine.yaml",
            "--like",
            "h-count",
        )
    )
    assert done.exit_code == 2
    for words in (
        "mine.yaml: already exists",
        "has 2 counties '鼓楼区': 110101 鼓楼区",
        "no archetype and no profile 'h-count'; did you mean 'h-county'?",
    ):
        assert words in done.stderr
    assert Path("mine.yaml").read_text() == "mine"


def test_places_where_no_profile_can_be(call: Call) -> None:
    write(Path("census.csv"))
    for out, words in (
        (".", "is a folder; name the file"),
        ("census.csv/p.yaml", "is a file, so it cannot contain the profile"),
    ):
        done = call("profile", "--census", "census.csv", "--county", "640522", "--out", out)
        assert done.exit_code == 2
        assert words in done.stderr


def test_a_damaged_row_or_file_leaves_nothing(call: Call) -> None:
    write(Path("census.csv"), row(rural=0))
    done = call("profile", "--census", "census.csv", "--county", "640522", "--out", "a/p.yaml")
    assert done.exit_code == 2
    assert "urban + rural add up to 117,462, pop is 333,518" in done.stderr
    assert call("profile", "--census", "none.csv", "--county", "x", "--out", "a/p.yaml").exit_code == 2
    assert not Path("a").exists()
    assert call("profile", "--census", "census.csv").exit_code == 2
