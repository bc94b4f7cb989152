"""Many scenarios in one job: read the sweep file, run its grid, store what comes out, go on after a stop."""
