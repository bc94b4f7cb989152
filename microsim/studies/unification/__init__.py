"""The rural line on its way to the urban one."""
