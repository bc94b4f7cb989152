"""The jump between neighbours at the line."""
