"""What makes a county's office work as it does: sets of assumptions, and practice held as law changes."""
