"""A finished sweep as one page for a browser, whose controls choose among the points that were computed."""
