"""The commands. Each reads its arguments, makes one library call, and prints."""
