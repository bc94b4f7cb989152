from microsim.engine import total

payment = total("wage_income", unit="yuan/yr")
