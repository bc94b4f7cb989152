"""Dibao month by month: application, decision, review, gradual exit, and what is paid meanwhile."""
