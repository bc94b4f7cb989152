from microsim.policy import household, total


@household
def payment(assets: float) -> float:
    return assets


payments = total(payment)
