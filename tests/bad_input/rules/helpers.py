from microsim.policy import household

NAMES = {"a": 1.0}


def looks_up(x):
    return NAMES["a"] * x


def again(x):
    return x if x < 1 else again(x - 1)


def halves(x):
    while x > 100:
        x = x / 2
    return x


def swaps(x, y=1.0):
    x, y = y, x
    return x


@household
def payment(assets: float) -> float:
    return (
        looks_up(assets)
        + again(assets)
        + looks_up(x=assets)
        + halves(assets)
        + swaps(assets)
        + swaps(assets, 2.0)
    )
