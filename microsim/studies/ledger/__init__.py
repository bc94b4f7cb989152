"""Who pays for assistance, on average and of one more yuan."""
