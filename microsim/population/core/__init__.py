"""The population: its columns, their checks, pandas in and out."""
