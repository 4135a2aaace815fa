"""The pages that the short link shows when it cannot lead straight to a chat."""

from html import escape

PAGE = """<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
  body {{ margin: 0; font: 18px/1.5 system-ui, sans-serif; color: #101828; background: #eef3fb; }}
  main {{ max-width: 34rem; margin: 8vh auto; padding: 2rem; background: #fff;
         border-radius: 20px; box-sizing: border-box; width: calc(100% - 2rem); }}
  h1 {{ margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.25; }}
  a.button {{ display: block; margin: 1.5rem 0; padding: .9rem; border-radius: 12px;
             background: #0047ab; color: #fff; text-align: center; text-decoration: none;
             font-weight: 600; }}
  @media (prefers-color-scheme: dark) {{
    body {{ color: #e6e8ec; background: #0f1420; }} main {{ background: #1a2130; }}
  }}
</style>
</head>
<body><main>{body}</main></body>
</html>
"""


def leads_on(title: str, invite: str) -> str:
    """Write the page of an open chat: for a person without VK it says what to do."""
    return PAGE.format(
        title="Официальный чат дома",
        body=f"<h1>Официальный чат дома: {escape(title)}</h1>"
        f'<a class="button" href="{escape(invite, quote=True)}">Вступить в чат ВКонтакте</a>'
        "<p>Нет страницы ВКонтакте? Установите приложение VK Мессенджер, зарегистрируйтесь "
        "по номеру телефона и откройте эту ссылку ещё раз. Вступление бесплатное.</p>",
    )


def not_open(title: str) -> str:
    return PAGE.format(
        title="Чат дома сейчас закрыт",
        body=f"<h1>Чат дома сейчас закрыт: {escape(title)}</h1>"
        "<p>Чат ещё не открыт. Попробуйте позже или спросите старшего по дому "
        "либо администрацию.</p>",
    )


def closed(title: str, reason: str) -> str:
    return PAGE.format(
        title="Чат дома закрыт",
        body=f"<h1>Чат дома закрыт: {escape(title)}</h1>"
        f"<p>Причина: {escape(reason)}</p>"
        "<p>По вопросам о доме обратитесь в управляющую компанию или в администрацию.</p>",
    )


def lost(title: str) -> str:
    return PAGE.format(
        title="Чат дома временно недоступен",
        body=f"<h1>Чат дома временно недоступен: {escape(title)}</h1>"
        "<p>Официальные сообщения в него сейчас не приходят, мы это исправляем. "
        "Попробуйте позже: этот код приведёт в работающий чат.</p>"
        "<p>По срочным вопросам о доме обратитесь в управляющую компанию или в администрацию.</p>",
    )


def unknown_code() -> str:
    return PAGE.format(
        title="Такого кода нет",
        body="<h1>Такого кода нет</h1>"
        "<p>Проверьте код на объявлении: в нём восемь цифр и латинских букв, без букв I, L, O, U. "
        "Если код верный, спросите старшего по дому.</p>",
    )
