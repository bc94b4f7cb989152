from microsim.policy import any_member, household, person, total


@person
def own(wage_income: float) -> float:
    return wage_income / 2


@household
def payment(own: float, age: int, homes: int) -> float:
    return own + age + homes


sum_of_homes = total("homes")
rich = any_member("payment")
OUTPUTS = ["payment", "sum_of_homes", "rich"]
