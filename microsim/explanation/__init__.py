"""Why did this household get this? The trace of the interpreter, in words."""
