"""How to try a question by hand on the sandbox's page: who does what, and by which button."""

from local.addresses import Stack
from local.cast import ELDER, REPRESENTATIVE, houses_of_elder
from local.terminal import Terminal

VOICES = 3
"""So many are enough in a chat of few people."""


def show_how_to_ask(terminal: Terminal, stack: Stack) -> None:
    """Tell it for a house whose elder is in the cast; a list without one is not told of."""
    houses = houses_of_elder(stack)
    if not houses:
        return
    link = stack.get(f"/houses/{houses[0]['id']}")["link"]
    key = link.rpartition("/")[2]
    community = stack.sandbox(f"/sandbox/invitation?key={key}")["community"]
    terminal.title("Вопрос от дома: попробовать")
    terminal.line(f"1. Откройте в песочнице чат «{houses[0]['title']}»: {link}")
    terminal.line(
        f"   Войдите как {ELDER.told.lower()} (id{ELDER.vk_id}), потом как любые "
        f"{VOICES} жителя: под приветствием есть «Задать вопрос»."
    )
    terminal.line(
        "2. От старшей: «Задать вопрос», дальше бот спросит в разделе «Личные»; кому — «ООО "
        "«Небылица»»."
    )
    terminal.line(f"   От {VOICES} жителей: «Поддерживаю» под карточкой в чате.")
    terminal.line(
        f"3. {REPRESENTATIVE.told} (id{REPRESENTATIVE.vk_id}) заранее пишет сообществу {community} "
        "любое слово, а потом лично получит вопрос: «Ответить» или «Назначить время»."
    )
