"""Briefs for decision makers: results folders in, a few pages of text, tables and figures out."""
