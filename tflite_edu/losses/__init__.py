"""Losses: how far predictions are from labels."""
