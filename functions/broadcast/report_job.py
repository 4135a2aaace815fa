"""The job of a report: which broadcast it is of, and where its workbook lies."""

BROADCAST = "broadcast_id"
"""In a job's subject: which broadcast the report is of."""


def report_key(job_id: str) -> str:
    return f"reports/{job_id}.xlsx"
