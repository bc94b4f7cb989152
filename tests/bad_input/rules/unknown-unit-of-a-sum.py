from microsim.policy import total

payment = total("wage_income", unit="yuan/yr")
