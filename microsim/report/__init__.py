"""What a run leaves behind and prints: results folders, text tables, charts."""
