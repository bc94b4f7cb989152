"""What the module of a notch search holds besides the rules: comparisons that look ahead, and the walk.

The text stands in the generated module, so that a kernel is named by it too.
"""

from __future__ import annotations

NEAR = 1e-6  # yuan: comparisons that flip no further apart than this flip at one place
STEADY = 1e-12  # a slope below this is rounding: nothing flips along it
WIDTH = 1e-5  # yuan: how narrowly a flip is bracketed where the law is not piecewise linear
STEP = 500.0  # yuan: the longest stride there,
SHARE = 0.02  # or this share of the income that is reached, where that is longer
MOST_STEPS = 1_000_000  # evaluations of one household after which it is given up, and said so

# Columns of what is told of each household, and of each place found.
LEVELS = ("at_low", "at_present", "slope_at_present", "at_high", "evaluations")
PLACES = ("at", "before", "slope_before", "slope_after", "dead_zone", "width")
EXACT, BRACKETED, GIVEN_UP = 0, 1, 2

EVENTS_TEXT = f'''
# What is known while one point is evaluated: how far away the next comparison flips and which one it is, the
# first comparison that flips at this very place, a number for all outcomes, and whether anything is curved.
NOTHING = (np.inf, np.int64(-1), np.int64(-1), np.uint64(0), False)


@njit(**OPTIONS)
def unordered(a, b):
    """The sign where a difference is no number: both infinite (-1, 0, 1), or no order at all (2)."""
    return -1 if a < b else (1 if a > b else (0 if a == b else 2))


@njit(**OPTIONS)
def ahead(a, b, slope, near, case):
    """The sign of ``a - b`` just above this place (2: they have no order), and what is known then."""
    away, next_case, here, flips, bent = near
    gap = a - b
    if abs(slope) < {STEADY}:
        sign = -1 if gap < 0.0 else (1 if gap > 0.0 else (0 if gap == 0.0 else unordered(a, b)))
    else:
        distance = -gap / slope
        if abs(distance) <= {NEAR}:
            sign = 1 if slope > 0.0 else -1
            if here < 0:
                here = np.int64(case)
        else:
            sign = -1 if gap < 0.0 else (1 if gap > 0.0 else unordered(a, b))
            if distance > 0.0 and distance < away - 1e-9:
                away, next_case = distance, np.int64(case)
            elif next_case < -1 and distance > 0.0 and distance <= away + 1e-9:
                next_case = np.int64(case)  # a bend begins there too, but no jump comes from it
    flips = flips * np.uint64(1000003) + np.uint64(case * 4 + sign + 1)
    return sign, (away, next_case, here, flips, bent)


@njit(**OPTIONS)
def below(a, b, slope, near, case):
    """Whether ``a`` is less than ``b`` just above this place; ``slope`` is that of ``a - b``."""
    sign, near = ahead(a, b, slope, near, case)
    return sign < 0, near


@njit(**OPTIONS)
def at_most(a, b, slope, near, case):
    """Whether ``a`` is ``b`` or less just above this place."""
    sign, near = ahead(a, b, slope, near, case)
    return sign <= 0, near


@njit(**OPTIONS)
def level(a, b, slope, near, case):
    """Whether ``a`` is ``b`` just above this place: what holds at one point only does not count."""
    sign, near = ahead(a, b, slope, near, case)
    return sign == 0, near


@njit(**OPTIONS)
def lower(a, a_slope, b, b_slope, near, case):
    """Whether a least of ``a`` and ``b`` is ``a``, also where they have no order.

    No jump begins where one takes the other's place: it causes none.
    """
    away, next_case, here = near[0], near[1], near[2]
    sign, near = ahead(a, b, a_slope - b_slope, near, case)
    if near[0] < away:
        next_case = np.int64(-2 - case)  # a bend is next
    return sign < 0 or sign == 2 or (sign == 0 and a <= b), (near[0], next_case, here, near[3], near[4])


@njit(**OPTIONS)
def curved(is_so, near):
    """Notes a value that is no straight line from here."""
    return (near[0], near[1], near[2], near[3], near[4] or is_so)


@njit(**OPTIONS)
def whole(value, slope, near, case):
    """The whole number at or below ``value`` just above this place."""
    down = math.floor(value)
    if abs(slope) >= {STEADY}:
        nearest = math.floor(value + 0.5)
        if abs(value - nearest) <= {NEAR} * abs(slope):
            _, near = ahead(value, nearest, slope, near, case)  # it steps here
            down = nearest if slope > 0.0 else nearest - 1.0
        _, near = ahead(value, down + 1.0 if slope > 0.0 else down, slope, near, case)
    flips = near[3] * np.uint64(1000003) + np.uint64(np.int64(down))  # another number, another outcome
    return down, (near[0], near[1], near[2], flips, near[4])


@njit(**OPTIONS)
def toward_zero(value, slope, near, case):
    """``value`` without its fraction, just above this place."""
    sign, near = ahead(value, 0.0, slope, near, case)
    if sign < 0:
        up, near = whole(-value, -slope, near, case)
        return -up, near
    down, near = whole(value, slope, near, case)
    return down, near


@njit(**OPTIONS)
def nearest_whole(value, slope, near, case):
    """``round(value)`` just above this place; where it stays, a half goes to the even number."""
    if abs(slope) < {STEADY}:
        return float(round(value)), near
    down, near = whole(value + 0.5, slope, near, case)
    return float(down), near


@njit(**OPTIONS)
def step_ahead(P, at, x, x_slope, near, case):
    """``schedule_step`` just above this place."""
    n = int(P[at])
    value = P[at + 1 + n]
    for k in range(1, n):
        sign, near = ahead(x, P[at + 1 + k], x_slope, near, case)
        if sign == 0 or sign == 1:
            value = P[at + 1 + n + k]
    return value, near


@njit(**OPTIONS)
def linear_ahead(P, at, x, x_slope, near, case):
    """``schedule_linear`` just above this place, and its slope."""
    n = int(P[at])
    value, slope = P[at + 1 + n], 0.0
    for k in range(n):
        is_lower, near = lower(x, x_slope, P[at + 1 + k], 0.0, near, case)
        if not is_lower:
            value, slope = P[at + 1 + n + k], 0.0
            if k < n - 1:
                low, high = P[at + 1 + k], P[at + 2 + k]
                rise = (P[at + 2 + n + k] - P[at + 1 + n + k]) / (high - low)
                value, slope = value + rise * (x - low), rise * x_slope
    return value if x == x else P[at + 2 * n], slope, near


@njit(**OPTIONS)
def brackets_ahead(P, at, x, x_slope, near, case):
    """``schedule_brackets`` just above this place, and its slope."""
    n = int(P[at])
    amount, slope = 0.0 if x == x else x, 0.0
    for k in range(n):
        low = P[at + 1 + k]
        is_lower, near = lower(x, x_slope, low, 0.0, near, case)
        if not is_lower:
            amount += P[at + 1 + n + k] * (x - low)
            slope += P[at + 1 + n + k] * x_slope
            if k > 0:
                amount -= P[at + n + k] * (x - low)
                slope -= P[at + n + k] * x_slope
    return amount, slope, near


@njit(**OPTIONS)
def leap(value, base, rate, gone):
    """How far ``value`` is from where the line from ``base`` leads; nan where only one is a number."""
    if np.isfinite(base):
        return value - (base + rate * gone)
    return 0.0 if value == base or (value != value and base != base) else value - base


@njit(**OPTIONS)
def advance(earned, near, values, slopes, base, rates, state, known, row, low, high, present, smallest, kinks,
            levels, flags, owners, places, jumps, cases, opening, found):
    """After the evaluation at ``earned``: notes what was passed, and says where to evaluate next.

    ``base`` and ``rates`` are values and slopes at the last place, ``state`` is that place, the upper end of
    a bracket, whether the law is curved between, whether the walk has begun, and the number of evaluations.
    ``known`` holds the outcomes at the last place, and which comparison flips next. Returns the number of
    places found and the next place (nan: the household is done).
    """
    away, next_case, here, flips, bent = near
    next_case = -2 - next_case if next_case < -1 else next_case
    room = len(owners)
    state[4] += 1.0
    begun = state[3]
    if begun > 0.0:
        gone = earned - state[0]
        flipped = flips != known[0]
        if state[2] > 0.0 and flipped and gone > {WIDTH}:  # somewhere between: halve
            state[1] = earned
            return found, state[0] + 0.5 * gone
        smooth = state[2] > 0.0 and not flipped
        before = values[0] if smooth else base[0] + rates[0] * gone
        for k in range(opening, min(found, room)):  # lost amounts that are earned back by now
            if places[k, 4] != places[k, 4]:
                lost = places[k, 1]
                if before >= lost - 1e-7 and before > base[0]:
                    share = max((lost - base[0]) / (before - base[0]), 0.0)
                    places[k, 4] = max(state[0] + share * gone - places[k, 0], 0.0)
                elif values[0] >= lost - 1e-7:
                    places[k, 4] = earned - places[k, 0]
        if not smooth:
            largest = 0.0
            for k in range(len(values)):
                jump = leap(values[k], base[k], rates[k], gone)
                largest = max(largest, abs(jump) if jump == jump else np.inf)
            bend = kinks and begun > 1.0 and abs(slopes[0] - rates[0]) > 1e-9
            if largest >= smallest or bend:
                if found < room:
                    owners[found] = row
                    cases[found] = np.uint64(here + 1)
                    if state[2] > 0.0 or (here < 0 and largest >= smallest):
                        cases[found] = known[1]  # what was to flip next
                    places[found, 0] = earned
                    places[found, 1] = before
                    places[found, 2] = rates[0]
                    places[found, 3] = slopes[0]
                    places[found, 4] = np.nan if values[0] - before < -1e-7 else 0.0
                    places[found, 5] = gone if state[2] > 0.0 else 0.0
                    for k in range(len(values)):
                        jump = leap(values[k], base[k], rates[k], gone)
                        jumps[found, k] = 0.0 if abs(jump) <= 1e-7 else jump
                found += 1
        state[1] = np.inf if flipped else state[1]
    for k in range(len(values)):
        base[k], rates[k] = values[k], slopes[k]
    state[0], state[2] = earned, 1.0 if bent else 0.0
    known[0], known[1] = flips, np.uint64(next_case + 1)
    if begun == 0.0:  # at the very start: the law as it stands there; now just above it
        state[3] = 1.0
        levels[row, 0] = values[0]
        return found, low
    state[3] = 2.0
    if earned == present:
        levels[row, 1], levels[row, 2] = values[0], slopes[0]
    if bent and flags[row] == {EXACT}:
        flags[row] = {BRACKETED}
    if earned >= high or state[4] > {MOST_STEPS}:
        if earned < high:
            flags[row] = {GIVEN_UP}
        levels[row, 3], levels[row, 4] = values[0], state[4]
        return found, np.nan
    goal = min(earned + away, high)
    if bent:
        goal = min(goal, earned + max({STEP}, {SHARE} * earned))
        if state[1] < np.inf:
            far = state[1] - earned
            goal = state[1] if far <= {WIDTH} else earned + 0.5 * far
            if far <= {WIDTH}:
                state[1] = np.inf
    if earned < present and present < goal:
        goal = present
    return found, goal
'''
