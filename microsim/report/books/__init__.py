"""Results as one Excel workbook: its sheets, and what columns and codes are called in them."""
