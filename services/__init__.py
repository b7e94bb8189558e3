"""Concord's four services and what they share."""
