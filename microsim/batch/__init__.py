"""Numbered tasks whose rows are stored one file a task: in threads, in processes, stopped and resumed."""
