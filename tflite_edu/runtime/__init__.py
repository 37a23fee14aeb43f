"""Sessions: feeding, fetching, and what a session keeps between runs."""
