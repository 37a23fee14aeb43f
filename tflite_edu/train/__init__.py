"""Optimizers, savers and what else a training loop needs."""
