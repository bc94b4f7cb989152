from microsim.policy import household


def factor(x):
    if x > 1:
        y = 2.0
    return y


@household
def payment(assets: float, homes: int) -> float:
    if assets > 5:
        amount = 2.0
    for _ in range(homes):
        times = 1.0
    total += 1.0
    return amount * times * total * factor(assets)
