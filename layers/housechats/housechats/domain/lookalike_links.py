"""Links that only look like those of sites that people trust."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

TRUSTED = {
    "gosuslugi.ru", "госуслуги.рф", "gov.ru", "nalog.ru", "mos.ru", "mosreg.ru", "rosreestr.ru",
    "vk.com", "vk.ru", "vk.me", "vk.cc", "vk.link", "vk.company", "vkontakte.ru", "max.ru",
    "sberbank.ru", "sberbank.com", "sberbank-ast.ru",
    # Portals of regions that have the word in their names.
    "gosuslugi29.ru", "gosuslugi35.ru", "gosuslugi71.ru", "gosuslugi.bashkortostan.ru",
    "gosuslugi.krasnodar.ru", "gosuslugi.primorsky.ru", "gosuslugi.astrobl.ru", "gosuslugi.cap.ru",
}  # fmt: skip
"""With all that lies under them. Kept by hand: a site that is missing here costs a needless look,
no more."""
LONG_NAMES = ("gosuslugi", "госуслуги", "vkontakte", "sberbank", "rosreestr", "nalog")
"""So peculiar that a site that is called so, or nearly so, is meant to be taken for them."""
REAL_NEIGHBOURS = {"analog", "zalog"}
"""Words a letter away from one of these."""
WITHIN_WORDS = 8
"""Letters of a name that stands in no other word by chance."""
SHORT_NAMES = {"vk": ("com", "ru"), "max": ("ru",), "mos": ("ru",), "gov": ("ru",)}
"""Two or three letters are in half of all names, and a letter away from the other half: vc.ru,
mts.ru and mos-gorsud.ru are what they say. Only these names at their endings mean the sites."""
LURES = {
    "account", "auth", "cabinet", "confirm", "esia", "id", "kabinet", "lk", "lkfl", "login",
    "oplata", "secure", "support", "verify", "vhod", "vxod",
}  # fmt: skip
ENDINGS = {
    "app", "biz", "cc", "click", "club", "cm", "co", "com", "con", "fun", "icu", "info", "io",
    "link", "live", "me", "net", "online", "org", "pro", "ru", "shop", "site", "space", "store",
    "su", "tech", "top", "website", "xyz", "рф", "рус", "сайт", "онлайн", "москва", "орг", "ком",
    "xn--p1ai", "xn--p1acf",
}  # fmt: skip
"""By which a link is known that stands in a text without https://."""

_DISGUISES = (
    r"\\\u2024\u3002\uff0e\uff61"  # browsers read a slash, and dots
    r"\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0"  # and nothing
)
"""Signs in a site's name that nobody sees or takes for what they are."""
_DISGUISED = re.compile(rf"[{_DISGUISES}]")
_SITE = re.compile(r".*\w")
"""Of a link in a text: what stands after it is no part of it."""
_URL = re.compile(r"[a-z][a-z+.-]{0,15}://([^\s/?#<>«»\"'`]+)", re.IGNORECASE)
_BARE = re.compile(rf"(?<![\w@./-])(?:[\w-]+[.{_DISGUISES}]+)+[\w-]{{2,}}(?![\w@-])")
_PUNYCODE = "xn--"
_LOOKS = str.maketrans(
    "авеёкмнорстухіѕјԁԝɡοαερκντυχι0135",
    "abeekmhopctyxisjdwgoaepkvtuxioles",
)
"""Letters of other alphabets, and digits, as a hurried eye reads them in a Latin name."""
_LOOKS_TOGETHER = (("rn", "m"), ("vv", "w"))


def lookalikes_in(texts: Iterable[str]) -> list[str]:
    """Return the sites in texts that only look like trusted ones, as they are written."""
    found = [site for text in texts for site in _sites_in(text)]
    return list(dict.fromkeys(site for site in found if is_lookalike(site)))


def is_lookalike(site: str) -> bool:
    """Tell whether a link's site is meant to be taken for one that people trust."""
    user, _, host = site.rpartition("@")
    if user:
        return True  # https://vk.com@elsewhere.ru leads elsewhere
    if _DISGUISED.search(host):
        return True  # so do https://elsewhere.ru\\.vk.com and https://vk.com。elsewhere.ru
    host = unicodedata.normalize("NFKC", host).lower().partition(":")[0].strip(".")
    try:
        labels = [_decoded(label) for label in host.split(".")]
    except UnicodeError:
        return True
    if _is_trusted(".".join(labels)):
        return False
    return (
        any(map(_is_mixed, labels))
        or _has_long_name(labels)
        or _has_short_name(labels)
        or any(_seems(part) for label in labels[:-1] for part in (label, *label.split("-")))
    )


def _sites_in(text: str) -> Iterator[str]:
    for url in _URL.finditer(text):
        if site := _SITE.match(url[1]):
            yield site[0]
    for bare in _BARE.finditer(_URL.sub(" ", text)):
        ending = _DISGUISED.sub(".", bare[0]).rpartition(".")[2].lower()
        if ending in ENDINGS or ending.translate(_LOOKS) in ENDINGS:
            yield bare[0]


def _decoded(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")


def _is_trusted(host: str) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in TRUSTED)


def _is_mixed(label: str) -> bool:
    """Tell whether a name is written in two alphabets: no registry that is sound lets it be."""
    return len({unicodedata.name(sign, "?").split()[0] for sign in label if sign.isalpha()}) > 1


def _has_long_name(labels: list[str]) -> bool:
    for label in labels[:-1]:
        whole = label.replace("-", "")
        for name in LONG_NAMES:
            if len(name) >= WITHIN_WORDS and name in _seen(whole, name):
                return True
            near = (part for part in (whole, *label.split("-")) if part not in REAL_NEIGHBOURS)
            if any(_differ_little(_seen(part, name), name) for part in near):
                return True
    return False


def _has_short_name(labels: list[str]) -> bool:
    *names, ending = labels
    parts = [part for label in names for part in label.split("-")]
    for name, endings in SHORT_NAMES.items():
        for one in endings:
            if f"{name}{one}" in parts or (name, one) in pairwise(parts):
                return True
        misspelt = ending not in endings and any(_differ_little(ending, one) for one in endings)
        if name in names[-1:] and misspelt:
            return True
        if any(name in split and LURES & set(split) for split in (n.split("-") for n in names)):
            return True
        doubled = {name[:at] + sign + name[at:] for at, sign in enumerate(name)}
        if doubled & set(names[-1:]) and ending in endings:
            return True
    return False


def _seems(part: str) -> bool:
    """Tell whether a name reads as another one that is trusted."""
    names = (*LONG_NAMES, *SHORT_NAMES)
    return part not in names and any(_seen(part, name) == name for name in names)


def _seen(part: str, name: str) -> str:
    """Return a name as a hurried eye reads it that expects another one."""
    if not name.isascii():
        return part
    plain = unicodedata.normalize("NFKD", part).translate(_LOOKS)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for pair, sign in _LOOKS_TOGETHER:
        plain = plain.replace(pair, sign)
    return plain


def _differ_little(one: str, other: str) -> bool:
    """Tell whether words are the same but for a letter: another, one more, one less, or swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = one[same : same + 2] == other[same : same + 2][::-1]
    return one[same + 1 :] == other[same + 1 :] or (
        swapped and one[same + 2 :] == other[same + 2 :]
    )
