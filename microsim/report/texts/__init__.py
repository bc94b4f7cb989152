"""What the commands print of each study, in both languages."""
