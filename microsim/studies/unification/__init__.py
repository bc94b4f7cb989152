"""Raising the rural dibao line to the urban one."""
