"""What states of complaints and reports, and what happens to them, are called in the documents."""

from collections.abc import Mapping

from housechats.domain import complaints, reports

COMPLAINT_STATES: Mapping[complaints.ComplaintState, str] = {
    complaints.ComplaintState.SENT: "в пути",
    complaints.ComplaintState.DELIVERED: "доставлена",
    complaints.ComplaintState.ACCEPTED: "в работе",
    complaints.ComplaintState.DONE: "выполнена",
    complaints.ComplaintState.REJECTED: "отклонена, с причиной",
    complaints.ComplaintState.UNDELIVERABLE: "не доставлена",
}
COMPLAINT_HAPPENINGS: Mapping[complaints.Happening, str] = {
    complaints.Happening.DELIVERED: "система ответила 2xx, или человеку написали",
    complaints.Happening.ACCEPTED: "взяли в работу",
    complaints.Happening.DONE: "сделали",
    complaints.Happening.REJECTED: "отказали и сказали, почему",
    complaints.Happening.GIVEN_UP: "прошли сутки",
    complaints.Happening.SENT_AGAIN: "отправили снова",
}
REPORT_STATES: Mapping[reports.ReportState, str] = {
    reports.ReportState.WAITING: "решает старший",
    reports.ReportState.ESCALATED: "решают сотрудники",
    reports.ReportState.REMOVED: "нарушает правила",
    reports.ReportState.KEPT: "остаётся",
    reports.ReportState.QUARREL: "ссора соседей",
}
REPORT_HAPPENINGS: Mapping[reports.Happening, str] = {
    reports.Happening.REPORTED: "сообщил кто-то ещё",
    reports.Happening.NOBODY_DECIDED: (
        "прошли сутки, старшему нельзя написать, его нет или он не вправе решать"
    ),
    reports.Happening.REMOVED: "решено удалить",
    reports.Happening.KEPT: "решено оставить",
    reports.Happening.QUARREL: "решено: это ссора",
}
