from microsim.policy import household, person, total


@household
def income(benefits: float) -> float:
    return benefits + 1.0


@person
def benefit(income: float) -> float:
    return income / 2


benefits = total(benefit)


@household
def own(own: float) -> float:
    return own


OUTPUTS = ["income", "own"]
