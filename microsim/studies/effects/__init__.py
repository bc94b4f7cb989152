"""What lies behind the change of a figure between two years: law, practice, incomes, population."""
