"""When things run by themselves."""

import dagster as dg

JOB = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all(),
    description="Everything, from payloads to a release; what has not changed is not made again.",
)
# arXiv's lists are out by 01:00 UTC in summer and 02:00 in winter; its feeds roll at midnight US Eastern, 05:00 UTC at the latest.
DAILY = dg.ScheduleDefinition(
    name="daily_build",
    job=JOB,
    cron_schedule="30 6 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every day at 06:30 UTC, after arXiv's feeds have rolled.",
)
