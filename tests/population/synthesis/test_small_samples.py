"""Small samples hold by chance nobody of a rare kind; its share must not stand in the way of the others."""

from __future__ import annotations

from microsim.population import County, synthesize_with_report


def test_where_by_chance_all_children_go_to_school(profile: County) -> None:
    nearly_all = profile.with_values({"schooling.enrolment.primary": 0.99999})
    population, report = synthesize_with_report(nearly_all, seed=7, households=1500)
    assert "at school primary" in report.left_out
    assert "aged 6-11" in report.margins.names
    assert report.margins.design_effect < 2
    children = population.persons["age"].between(6, 11) & (population.persons["relation"] == "child")
    assert (population.persons["in_school"][children] == "primary").all()


def test_where_by_chance_nobody_has_a_type_of_disability(profile: County) -> None:
    types = dict(profile["health.disability_types"])
    rare = types | {"speech": 0.00001, "hearing": types["hearing"] + types["speech"] - 0.00001}
    changed = profile.with_values({f"health.disability_types.{name}": share for name, share in rare.items()})
    _, report = synthesize_with_report(changed, seed=7, households=1500)
    assert "disabled speech" in report.left_out
    total = dict(zip(report.margins.names, report.margins.targets, strict=True))
    of_types = sum(target for name, target in total.items() if name in {f"disabled {kind}" for kind in types})
    assert abs(of_types / (total["disabled grades 1-2"] + total["disabled grades 3-4"]) - 1) < 1e-9
