from math import sqrt

from microsim.policy import household

TABLE = {"a": 1.0}


@household
def payment(assets: float, homes: int) -> float:
    while homes > 0:
        homes = homes - 1
    for k in (1, 2):
        assets += k
    a, b = assets, homes
    c = TABLE["a"]
    d = f"{assets}"
    e = sqrt(assets)
    f = (lambda x: x)(assets)
    try:
        return a
    finally:
        return max(a, b, c, key=abs)


@household
def other(assets: float) -> float:
    print(assets)
    return assets if assets is not None else assets.real + (assets @ assets)
