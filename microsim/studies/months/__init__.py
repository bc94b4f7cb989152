"""Dibao month by month: application, decision, review, gradual exit, and what a household is paid meanwhile."""
