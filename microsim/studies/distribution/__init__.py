"""Poverty, inequality, progressivity; who gains and who loses."""
