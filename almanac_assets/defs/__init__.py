"""Dagster: assets, checks, schedules and resources. The only room that imports dagster; no logic lives here."""
