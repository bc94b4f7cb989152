from microsim.engine import household

NAMES = {"a": 1.0}


def looks_up(x):
    return NAMES["a"] * x


def again(x):
    return x if x < 1 else again(x - 1)


@household
def payment(assets: float) -> float:
    return looks_up(assets) + again(assets) + looks_up(x=assets)
