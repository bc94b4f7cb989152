"""Dibao month by month: application, decision, review, the way out, and what is paid meanwhile."""
