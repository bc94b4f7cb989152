"""The words of codes and units in both languages, for cards in notebooks, workbooks and briefs."""
