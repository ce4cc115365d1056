"""Upstream to payloads and records: the readers of each format, the fetch ledger, feed health and coverage."""
