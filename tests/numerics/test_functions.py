"""The functions against SciPy's and NumPy's, and bits that are written down once and for all."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special as special
from hypothesis import given, settings
from hypothesis import strategies as st

from microsim.numerics import functions as f

DRAWS = np.random.default_rng(4).uniform(size=20_000)


@pytest.mark.parametrize(
    ("ours", "theirs", "values", "rtol"),
    [
        (f.exp, np.exp, 1400.0 * DRAWS - 700.0, 4e-16),
        (f.exp, np.exp, DRAWS - 0.5, 4e-16),
        (f.log, np.log, np.exp(1400.0 * DRAWS - 700.0), 8e-16),
        (f.log, np.log, 1.0 + 1e-3 * (DRAWS - 0.5), 8e-16),
        (f.normal_quantile, special.ndtri, DRAWS, 3e-15),
        (f.normal_quantile, special.ndtri, 10.0 ** (-300.0 * DRAWS - 0.5), 3e-15),
        (f.normal_share, special.ndtr, 12.0 * DRAWS - 4.0, 1e-12),
        (f.normal_share, special.ndtr, -4.0 - 30.0 * DRAWS, 1e-12),
    ],
)
def test_functions_of_one_number(ours, theirs, values, rtol) -> None:
    np.testing.assert_allclose(ours(values), theirs(values), rtol=rtol, atol=3e-16)


def test_ends() -> None:
    assert f.exp([710.0, -746.0, 0.0, np.nan]).tolist()[:3] == [np.inf, 0.0, 1.0]
    assert np.isnan(f.exp(np.nan))
    assert f.exp(-744.0) > 0
    assert f.log([0.0, 1.0, np.inf]).tolist() == [-np.inf, 0.0, np.inf]
    assert np.isnan(f.log(-1.0))
    assert f.normal_quantile([0.0, 0.5, 1.0]).tolist() == [-np.inf, 0.0, np.inf]
    assert np.isnan(f.normal_quantile(1.5))
    assert f.normal_share([-np.inf, 0.0, np.inf]).tolist() == [0.0, 0.5, 1.0]
    assert f.exp(np.zeros((2, 3))).shape == (2, 3)
    assert f.exp(1.0).shape == ()
    low, high = f.beta_quantile(2.0, 3.0, [0.0, 1.0])
    assert (low.tolist(), high.tolist()) == ([0.0, 1.0], [1.0, 0.0])
    assert f.beta_share(2.0, 3.0, [0.0, 1.0]).tolist() == [0.0, 1.0]


SHAPES = [(0.37, 0.73), (2.0, 5.0), (40.0, 3.0), (0.05, 0.02), (0.3, 60.0), (60.0, 60.0), (1000.0, 2000.0)]


@pytest.mark.parametrize(("p", "q"), SHAPES)
def test_beta_distribution(p: float, q: float) -> None:
    ranks = DRAWS[:3_000]
    low, high = f.beta_quantile(p, q, ranks)
    expected, rest = special.betaincinv(p, q, ranks), special.betaincinv(q, p, 1.0 - ranks)
    np.testing.assert_allclose(low, expected, rtol=1e-11, atol=1e-290)
    np.testing.assert_allclose(high, rest, rtol=1e-11, atol=1e-290)
    np.testing.assert_allclose(f.beta_share(p, q, low, high), ranks, rtol=1e-11, atol=1e-14)
    assert f.log_beta(p, q) == pytest.approx(special.betaln(p, q), rel=1e-13)


@settings(max_examples=150, deadline=None)
@given(p=st.floats(0.02, 80.0), q=st.floats(0.02, 80.0), rank=st.floats(1e-9, 1 - 1e-9))
def test_quantiles_go_back_to_their_rank(p: float, q: float, rank: float) -> None:
    low, high = f.beta_quantile(p, q, rank)
    assert 0 <= low <= 1
    if 0 < low < 1 and high > 0:
        assert f.beta_share(p, q, low, high) == pytest.approx(rank, rel=1e-9, abs=1e-13)


def test_the_bits_are_these_on_every_processor() -> None:
    """What no other processor, compiler or Python may change: the hexadecimal digits of a few values."""
    x = np.array([0.1, 0.3, 0.77])
    low, high = f.beta_quantile(0.372554, 0.735866, x)
    found = {
        "exp": f.exp(10.0 * x),
        "log": f.log(x),
        "power": f.power(x, 0.3),
        "normal_quantile": f.normal_quantile(x),
        "normal_share": f.normal_share(5.0 * x - 3.5),
        "beta_share": f.beta_share(2.5, 0.4, x),
        "beta_quantile": low,
        "rest": high,
    }
    assert {name: [float(v).hex() for v in values] for name, values in found.items()} == BITS


BITS = {
    "exp": ["0x1.5bf0a8b14576ap+1", "0x1.415e5bf6fb106p+4", "0x1.140b22bfe1dacp+11"],
    "log": ["-0x1.26bb1bbb55515p+1", "-0x1.34378fcbda721p+0", "-0x1.0ba3346922d9dp-2"],
    "power": ["0x1.009b9cf334253p-1", "0x1.64c8e84c5f4e8p-1", "0x1.d9634f3d4ad8cp-1"],
    "normal_quantile": ["-0x1.4813c36e26d34p+0", "-0x1.0c7e39582c5fap-1", "0x1.7a4a225c019b3p-1"],
    "normal_share": ["0x1.61de1f985b5d7p-10", "0x1.74bcf82c9d8a0p-6", "0x1.460eaac7c7829p-1"],
    "beta_share": ["0x1.adc6d41218966p-11", "0x1.d029d752bec9ap-7", "0x1.c523ed39a56c4p-3"],
    "beta_quantile": ["0x1.9aa1c3b625942p-9", "0x1.e46dc58906a2ep-5", "0x1.469fce1020836p-1"],
    "rest": ["0x1.fe655e3c49da7p-1", "0x1.e1b923a76f95dp-1", "0x1.72c063dfbef93p-2"],
}
