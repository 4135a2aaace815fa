"""A question on its way through officials: people of three organisations, staff, and the clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from housechats.domain.chat_events import Press, Room
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Role
from housechats.domain.question_acts import asked
from housechats.domain.questions import Question, QuestionState, Where
from local.vk.conversations import Message
from support.clock import JANUARY
from support.question_door import (
    COMPANY,
    ELDER,
    HEATING,
    HOUSE_ID,
    OKTMO,
    QuestionDoor,
)

TOWN = "2901000031"
RESIDENTS = (511, 512, 513, 514, 515)
OFFICIAL, COLLEAGUE, OF_HEATING, OF_TOWN, STRANGER = 611, 612, 613, 614, 615
STAFF, ADMINISTRATOR = 701, 702
QUESTION = "q" * 12


@dataclass
class OfficialsDoor(QuestionDoor):
    """One house with its elder and residents, its organisations, the municipality's staff."""

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = {**self.house.organisations, TOWN: OrganisationKind.ADMINISTRATION}
        self.houses.by_id[HOUSE_ID] = replace(self.house, organisations=kinds)
        administration = OrganisationKind.ADMINISTRATION
        self.cards.add(OrganisationCard(TOWN, administration, "Администрация города", OKTMO))
        self.name(OFFICIAL, Role.REPRESENTATIVE, inn=COMPANY)
        self.name(COLLEAGUE, Role.REPRESENTATIVE, inn=COMPANY, oktmo="11")
        self.name(OF_HEATING, Role.REPRESENTATIVE, inn=HEATING)
        self.name(OF_TOWN, Role.REPRESENTATIVE, inn=TOWN)
        self.name(STAFF, Role.STAFF)
        self.name(ADMINISTRATOR, Role.ADMINISTRATOR)
        self.join(self.house_chat, OFFICIAL, OF_HEATING, STRANGER, *RESIDENTS)
        self.events()

    @property
    def state(self) -> QuestionState:
        return self.question.state

    def raise_question(
        self,
        inn: str = COMPANY,
        kind: OrganisationKind | None = OrganisationKind.MANAGEMENT_COMPANY,
    ) -> None:
        """Have a question with its card in the chat go to the officials."""
        now = self.clock.moment()
        cmid = self.talk.say(self.house_chat, self.saying("Вопрос дома", random_id=77))
        question = Question(
            id=QUESTION,
            house_id=HOUSE_ID,
            oktmo=OKTMO,
            community=self.community,
            chat_id=self.house_chat,
            text="Когда починят лифт во втором подъезде?",
            where=Where.ENTRANCE,
            raised_by=f"vk:{ELDER}",
            raised_at=now,
            state=QuestionState.UNSUPPORTED,
            vote_until=now,
            inn=inn,
            kind=kind if inn else None,
            card_cmid=cmid,
            card_at=now,
            card_shown_at=now,
            card_number=1,
        )
        self.questions.add(asked(question, by=f"vk:{ELDER}", now=now))
        self.own.send([{"question_id": QUESTION}])
        self.settle()

    def settle(self) -> None:
        """Let what has begun come to its end, also what waits for some seconds."""
        self.happen()
        self.pass_time(timedelta(minutes=15))

    def wait_until(self, moment: datetime) -> None:
        self.pass_time(moment - self.clock.moment())

    def answer(self, text: str = "Лифт починят 20 января.") -> None:
        """Have the official answer in private, and publish."""
        self.press(0, OFFICIAL, "Ответить")
        self.settle()
        self.write(0, OFFICIAL, text)
        self.settle()
        self.press(0, OFFICIAL, "Опубликовать")
        self.settle()

    def say(self, vk_id: int, command: str) -> str:
        """Have somebody say «solved» or «not_solved» under the answer; what they are shown."""
        turn = str(self.question.turn)
        press = self.forge(self.house_chat, vk_id, Press(Room.QUESTIONS, command, QUESTION, turn))
        self.happen()
        return self.snackbar(press) or ""

    def message(self, cmid: int) -> Message:
        return next(one for one in self.messages(self.house_chat) if one.cmid == cmid)

    def labels(self, cmid: int) -> list[str]:
        """Return what stands on the buttons under a message of the house chat."""
        keyboard = self.message(cmid).keyboard or {"buttons": []}
        return [key["action"]["label"] for row in keyboard["buttons"] for key in row]

    def dismiss(self, vk_id: int) -> None:
        """Have somebody's posts end."""
        self.posts.posts = [
            replace(post, until=self.clock.moment()) if post.vk_id == vk_id else post
            for post in self.posts.posts
        ]

    def put_duty_phone(self) -> None:
        card = self.cards.get("11", COMPANY)
        assert card
        after = replace(card, duty_phone="+79000000001", revision=card.revision + 1)
        assert self.cards.change(after, revision=card.revision)

    def silence(self) -> None:
        """Have nobody of the company let the bot write to them."""
        for vk_id in (OFFICIAL, COLLEAGUE):
            self.sandbox.deny_messages(vk_id)


def moscow(text: str) -> datetime:
    """Return a moment by the clock of the house."""
    return datetime.fromisoformat(f"{text}+03:00").astimezone(JANUARY.tzinfo)
