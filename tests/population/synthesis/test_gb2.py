"""GB2 incomes: their formulas against numerical integration, and fits that find what made the figures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betainc, expit

from microsim.errors import MicrosimError
from microsim.population.synthesis.gb2 import GB2, RURAL_CHINA, Lognormal, fit_gb2

RURAL_2020 = [4681.0, 10392.0, 14712.0, 20885.0, 38520.0]  # yuan per person; recalled
LAWS = [
    GB2(3.0, 1e4, 0.4, 0.8),
    GB2(1.2, 2e4, 2.0, 4.0),
    GB2(5.0, 1.0, 1.0, 1.0),
    GB2(2.0, 9e3, 0.5, 0.8),
    GB2(0.8, 2e6, 2.7, 40.0),
]


@pytest.mark.parametrize("law", LAWS)
def test_formulas_are_those_of_numerical_integration(law: GB2) -> None:
    # Over the logarithm of income: both tails die off there.
    def integral(of: Callable[[float], float], last: float = 1.0) -> float:
        end = (
            np.log(float(law.quantile(np.array(last))))
            if last < 1
            else np.log(law.b) + 250 / law.a / min(law.q, 1)
        )
        middle = np.log(law.b)
        parts = [(middle - 250 / law.a / min(law.p, 1), min(middle, end)), (min(middle, end), end)]
        return sum(quad(lambda t: of(np.exp(t)) * np.exp(t), *part, limit=500)[0] for part in parts)

    assert integral(lambda x: float(law.pdf(np.array(x)))) == pytest.approx(1.0, rel=1e-8)
    mean = integral(lambda x: x * float(law.pdf(np.array(x))))
    assert law.mean == pytest.approx(mean, rel=1e-6)
    for rank in (0.1, 0.5, 0.8):
        income = law.quantile(np.array(rank))
        assert law.cdf(income) == pytest.approx(rank, rel=1e-10)
        assert integral(lambda x: float(law.pdf(np.array(x))), rank) == pytest.approx(rank, rel=1e-7)
        partial = integral(lambda x: x * float(law.pdf(np.array(x))), rank)
        assert law.lorenz(np.array(rank)) == pytest.approx(partial / law.mean, rel=1e-6)

    # Gini = integral of F (1 - F) over income, divided by the mean.
    def unequal(x: float) -> float:
        power = law.a * np.log(x / law.b)
        return float(betainc(law.p, law.q, expit(power)) * betainc(law.q, law.p, expit(-power)))

    gini = integral(unequal) / law.mean
    assert law.gini == pytest.approx(gini, rel=1e-5)
    assert law.group_means(5).mean() == pytest.approx(law.mean)


def test_known_members() -> None:
    # With q = 1 it is the law of Dagum (1977), whose Lorenz curve has a closed form.
    a, p = 3.2, 0.6
    law, ranks = GB2(a, 1.0, p, 1.0), np.arange(6) / 5
    lorenz = betainc(p + 1 / a, 1 - 1 / a, ranks ** (1 / p))
    np.testing.assert_allclose(law.group_means(5) / law.mean / 5, np.diff(lorenz), rtol=1e-10)
    assert GB2(4.0, 1.0, 1.0, 1.0).gini == pytest.approx(1 / 4, rel=1e-9)  # log-logistic: 1 / a
    # Towards a = 0 with p and q large lies the lognormal.
    near, lognormal = GB2(0.04, 1.0, 2000.0, 2000.0), Lognormal(1.0, 0.7905)
    np.testing.assert_allclose(near.group_means(5) / near.mean, lognormal.group_means(5), rtol=3e-3)
    assert near.gini == pytest.approx(lognormal.gini, rel=2e-3)


@pytest.mark.parametrize(("a", "p", "q"), [(2.0, 0.8, 1.3), (3.4, 0.4, 0.7), (4.5, 2.0, 0.9)])
def test_figures_of_a_gb2_law_are_met_again(a: float, p: float, q: float) -> None:
    law = GB2(a, 1e4, p, q)
    fit = fit_gb2(law.mean, law.group_means(5).tolist(), law.gini)
    np.testing.assert_allclose(fit.fitted, fit.targets, rtol=2e-4)
    assert fit.notes == ()


def test_rural_fifths_are_met_better_than_by_a_lognormal() -> None:
    fit = fit_gb2(float(np.mean(RURAL_2020)), RURAL_2020)
    assert np.abs(fit.errors).max() < 0.02
    other = np.abs(fit.table["lognormal_error"]).max()
    assert other > 5 * np.abs(fit.errors).max()
    assert fit.table["figure"].tolist() == ["mean", *(f"quintile {k}" for k in range(1, 6))]
    assert fit.fitted[0] == pytest.approx(np.mean(RURAL_2020), rel=1e-12)
    assert (fit.law.p, fit.law.q) == pytest.approx(RURAL_CHINA, rel=1e-3)
    assert "largest error 1.81% (a lognormal: 10.44%)" in str(fit)


def test_another_mean_keeps_the_proportions_and_is_told() -> None:
    fit = fit_gb2(17131.0, RURAL_2020)
    assert fit.law.mean == pytest.approx(17131.0)
    assert "the quintiles imply a mean of 17,838, +4.1% from the mean given" in str(fit)
    np.testing.assert_allclose(fit.targets[1:], np.array(RURAL_2020) * 17131.0 / 17838.0)


@pytest.mark.parametrize("gini", [0.2, 0.37, 0.46, 0.6])
def test_a_mean_and_a_gini_index_are_met(gini: float) -> None:
    fit = fit_gb2(17131.0, gini=gini)
    np.testing.assert_allclose(fit.fitted, [17131.0, gini], rtol=1e-8)
    assert (fit.law.p, fit.law.q) == RURAL_CHINA
    assert "does not settle the shape" in str(fit)


def test_a_sample_has_the_figures_it_was_drawn_for() -> None:
    law = fit_gb2(17838.0, RURAL_2020).law
    income = np.sort(law.sample(200_000, seed=3))
    np.testing.assert_array_equal(income, np.sort(law.sample(200_000, seed=3)))
    np.testing.assert_allclose(income.reshape(5, -1).mean(axis=1), law.group_means(5), rtol=0.02)
    ranks = (np.arange(len(income)) + 1) / len(income)
    assert np.abs(law.cdf(income) - ranks).max() < 1.63 / np.sqrt(len(income))  # Kolmogorov, 1 %


def test_figures_that_no_distribution_has_are_all_named() -> None:
    with pytest.raises(MicrosimError) as caught:
        fit_gb2(-5.0, [1.0, 3.0, 2.0, 0.0, float("nan")], gini=46)
    message = str(caught.value)
    for words in (
        "the mean income is -5.0; it must be above 0",
        "the Gini index is 46; it must be between 0.02 and 0.9; 0.46, not 46",
        "the mean of quintile 3 (2) is not above that of quintile 2 (3)",
        "the mean of quintile 4 is 0.0",
        "the mean of quintile 5 is nan",
    ):
        assert words in message
    with pytest.raises(MicrosimError, match="nothing describes the spread of incomes"):
        fit_gb2(1.0)
    with pytest.raises(MicrosimError, match="4 quintile means are given"):
        fit_gb2(1.0, [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(MicrosimError, match="far from the mean given, 100"):
        fit_gb2(100.0, RURAL_2020)
