"""What states of questions, and what happens to them, are called in the documents."""

from collections.abc import Mapping

from housechats.domain.questions import Happening, QuestionState

STATES: Mapping[QuestionState, str] = {
    QuestionState.PROPOSED: "предложен старшему",
    QuestionState.DECLINED: "отклонён",
    QuestionState.VOTING: "голосование",
    QuestionState.UNSUPPORTED: "голосов мало",
    QuestionState.INVITED: "ждёт ответа",
    QuestionState.DISCUSSED: "обсуждение",
    QuestionState.ANSWERED: "есть ответ",
    QuestionState.CLOSED: "закрыт",
    QuestionState.WITHDRAWN: "снят",
}
HAPPENINGS: Mapping[Happening, str] = {
    Happening.RAISED: "старший задал",
    Happening.DECLINED: "старший отклонил",
    Happening.SUPPORTED: "голосов хватило",
    Happening.NOT_SUPPORTED: "голосов не хватило",
    Happening.ASKED: "старший отправил всё равно",
    Happening.ANSWERED: "ответили",
    Happening.REDIRECTED: "вопрос другой организации",
    Happening.TIME_NAMED: "назначено время",
    Happening.DISCUSSION_CANCELLED: "обсуждение отменено",
    Happening.DISCUSSION_OVER: "обсуждение прошло",
    Happening.SOLVED: "решено",
    Happening.NOT_SOLVED: "не решено",
    Happening.SILENCE: "срок вышел",
    Happening.REOPENED: "открыт снова",
    Happening.WITHDRAWN: "снят",
}
